from django.apps import AppConfig


class JuryConfig(AppConfig):
    name = "jury"

    def ready(self) -> None:
        # Registers the handlers of jobs.
        from accounts.doors import remembering  # noqa: PLC0415
        from jury.doors import remembered  # noqa: PLC0415
        from jury.jobs import (  # noqa: F401, PLC0415
            ballots,
            calls,
            claims,
            erasing,
            figures,
            minutes,
            previews,
            proposals,
        )

        remembering.KEPT |= {"interests": remembered.interests, "recusals": remembered.recusals}

from django.apps import AppConfig


class JuryConfig(AppConfig):
    name = "jury"

    def ready(self) -> None:
        # Registers the handlers of jobs.
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

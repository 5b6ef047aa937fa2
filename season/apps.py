from django.apps import AppConfig


class SeasonConfig(AppConfig):
    name = "season"

    def ready(self) -> None:
        # Registers the kinds of jobs.
        from accounts.doors import forgetting, remembering  # noqa: PLC0415
        from season.actions import people  # noqa: PLC0415
        from season.doors import remembered  # noqa: PLC0415
        from season.jobs import campaign, printing, seal, territories  # noqa: F401, PLC0415

        forgetting.FORGET.append(people.forget_address)
        remembering.KEPT["help_requests"] = remembered.help_requests

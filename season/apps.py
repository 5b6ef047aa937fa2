from django.apps import AppConfig


class SeasonConfig(AppConfig):
    name = "season"

    def ready(self) -> None:
        # Registers the kinds of jobs.
        from accounts.doors import forgetting  # noqa: PLC0415
        from season.actions import people  # noqa: PLC0415
        from season.jobs import campaign, printing, territories  # noqa: F401, PLC0415

        forgetting.FORGET.append(people.forget_address)

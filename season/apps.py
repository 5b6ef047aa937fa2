from django.apps import AppConfig


class SeasonConfig(AppConfig):
    name = "season"

    def ready(self) -> None:
        # Registers the kinds of jobs.
        from season.jobs import campaign, printing, territories  # noqa: F401, PLC0415

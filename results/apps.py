from django.apps import AppConfig


class ResultsConfig(AppConfig):
    name = "results"

    def ready(self) -> None:
        # Registers the handlers of jobs.
        from results.jobs import archives, certificates, checks, credentials, kits, publication, reports  # noqa: F401, PLC0415

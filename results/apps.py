from django.apps import AppConfig


class ResultsConfig(AppConfig):
    name = "results"

    def ready(self) -> None:
        # Registers the handlers of jobs.
        from results.jobs import (  # noqa: PLC0415
            archives,  # noqa: F401
            cards,  # noqa: F401
            certificates,  # noqa: F401
            credentials,  # noqa: F401
            file_checks,  # noqa: F401
            kits,  # noqa: F401
            opendata,  # noqa: F401
            publication,  # noqa: F401
            reports,  # noqa: F401
        )

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"

    def ready(self) -> None:
        # Registers the handlers of jobs.
        from assessments.jobs import (  # noqa: F401, PLC0415
            benchmarks,
            booklets,
            dossiers,
            impact,
            links,
            pictures,
            plans,
            receipts,
            robustness,
        )

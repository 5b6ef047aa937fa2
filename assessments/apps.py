from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"

    def ready(self) -> None:
        # Registers the handlers of jobs.
        from accounts.doors import forgetting  # noqa: PLC0415
        from assessments import actions  # noqa: PLC0415
        from assessments.jobs import (  # noqa: F401, PLC0415
            benchmarks,
            booklets,
            dossiers,
            enquiries,
            impact,
            links,
            notices,
            pictures,
            plans,
            receipts,
            robustness,
        )

        forgetting.FORGET.append(actions.forget_address)

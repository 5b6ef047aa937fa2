from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"

    def ready(self) -> None:
        # Registers the handler of receipts.
        from assessments import receipts  # noqa: F401, PLC0415

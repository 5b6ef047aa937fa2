from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "outbox"

    def ready(self) -> None:
        # Registers the handlers.
        from outbox.jobs import erasing, mail  # noqa: F401, PLC0415

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "outbox"

    def ready(self) -> None:
        # Registers the handler of mails.
        from outbox.jobs import mail  # noqa: F401, PLC0415

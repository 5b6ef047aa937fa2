from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        # Registers the handler that seals the trail.
        from accounts.jobs import sealing  # noqa: F401, PLC0415

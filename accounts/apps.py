from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        # Registers the handler that seals the trail.
        from accounts import sealing  # noqa: F401, PLC0415

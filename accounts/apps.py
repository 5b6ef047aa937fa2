from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        # Registers the handlers of jobs, and what makes the links of mails.
        from accounts.jobs import erasures, links, sealing  # noqa: F401, PLC0415

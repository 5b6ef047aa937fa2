from django.apps import AppConfig
from django.conf import settings

from label import plurals, sentences


class LabelConfig(AppConfig):
    name = "label"

    def ready(self) -> None:
        plurals.install()
        sentences.install()
        # Registers its check.
        from label import upgrades  # noqa: F401, PLC0415

        if settings.SENTRY_DSN:
            from label import sentry  # noqa: PLC0415 -- several megabytes

            sentry.start()
        if settings.INSTANCE["demo"]:
            # Registers the jobs that build the demonstration.
            from label.demo import season  # noqa: F401, PLC0415

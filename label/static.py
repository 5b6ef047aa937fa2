"""Static files under names that change with their content, collected for each release."""

import logging

from django.contrib.staticfiles import finders
from whitenoise.storage import CompressedManifestStaticFilesStorage

logger = logging.getLogger(__name__)


class Collected(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """A folder that another release collected lacks some: the page is given without it, and the log says what to do."""

    _lacking: set[str] = set()

    def stored_name(self, name: str) -> str:
        try:
            return str(super().stored_name(name))
        except ValueError:
            if finders.find(name) is None:
                raise  # no file of this release: a fault of a template, or a name that WhiteNoise tries
            if name not in self._lacking:
                self._lacking.add(name)
                logger.error("%s is not among the static files collected: run manage.py collectstatic", name)
            return name

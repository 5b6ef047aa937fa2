"""`manage.py draw_life`: write docs/life-of-an-application.md from the table of moves."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from assessments.rules import life


class Command(BaseCommand):
    help = "Draw the life of an application in docs/life-of-an-application.md."

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings.BASE_DIR / "docs" / "life-of-an-application.md"
        path.write_text(life.page(), encoding="utf-8")
        self.stdout.write(str(path))

"""`manage.py draw_questions`: write docs/questions-2027.md from the framework of the edition."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from assessments.doors.frameworks import EDITIONS
from assessments.pages import inventory
from scoring import framework

YEAR = 2027


class Command(BaseCommand):
    help = "Draw the questions of the edition in docs/questions-2027.md."

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings.BASE_DIR / "docs" / f"questions-{YEAR}.md"
        shipped = framework.load((EDITIONS / str(YEAR) / "framework.yaml").read_bytes())
        path.write_text(inventory.page(shipped), encoding="utf-8")
        self.stdout.write(str(path))

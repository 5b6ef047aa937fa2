from django.conf import settings

from assessments.doors.frameworks import EDITIONS
from assessments.pages import inventory
from scoring import framework


def test_page_of_the_questions_is_up_to_date():
    shipped = framework.load((EDITIONS / "2027" / "framework.yaml").read_bytes())
    drawn = settings.BASE_DIR / "docs" / "questions-2027.md"

    assert drawn.read_text(encoding="utf-8") == inventory.page(shipped)

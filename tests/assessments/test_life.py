from django.conf import settings

from assessments.rules import life


def test_drawing_is_up_to_date():
    drawn = settings.BASE_DIR / "docs" / "life-of-an-application.md"

    assert drawn.read_text(encoding="utf-8") == life.page()

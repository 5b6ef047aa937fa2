import json

from django.db import migrations
from django.db.models import Exists, OuterRef

CLAIMED = "not_applicable_claimed"


def count_claims(apps, schema_editor):
    """Of each file's last declared scorecard: its claims, less those ruled on since they were written. A migration knows
    no engine: what a refusal brings to light is counted at the next ruling."""
    Scorecard = apps.get_model("assessments", "Scorecard")
    Answer = apps.get_model("assessments", "Answer")
    Ruling = apps.get_model("jury", "Ruling")
    later = Scorecard.objects.filter(application=OuterRef("application"), kind="declared", round__gt=OuterRef("round"))
    for card in Scorecard.objects.filter(~Exists(later), kind="declared", claims_pending=None).iterator(chunk_size=100):
        questions = json.loads(card.result)["questions"]
        claimed = {name for name, cells in questions.items() if cells[0] == CLAIMED}
        about = {"application": card.application_id, "question_id__in": claimed}
        written = dict(Answer.objects.filter(**about).order_by("version").values_list("question_id", "at"))
        rulings = Ruling.objects.filter(**about).values_list("question_id", "at")
        ruled = {name for name, at in rulings if name in written and at >= written[name]}
        Scorecard.objects.filter(pk=card.pk).update(claims_pending=len(claimed - ruled))


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0019_pending_claims_of_a_scorecard'),
        ('jury', '0010_reopened_for'),
    ]

    operations = [
        migrations.RunPython(count_claims, migrations.RunPython.noop),
    ]

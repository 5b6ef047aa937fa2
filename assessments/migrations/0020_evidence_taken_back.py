from django.db import migrations, models
from django.utils import timezone


def erase_what_was_taken_back(apps, schema_editor):
    """Pieces removed before this release were only hidden: the same job erases them."""
    Evidence, Job = apps.get_model("assessments", "Evidence"), apps.get_model("outbox", "Job")
    gone = Evidence.objects.filter(removed_at__isnull=False, file__isnull=False).values_list("pk", flat=True)
    for pk in gone:
        fields = {"kind": "evidence.erase", "queue": "papers", "payload": {"evidence": pk}, "due_at": timezone.now()}
        Job.objects.get_or_create(key=f"erase:{pk}", defaults=fields)


class Migration(migrations.Migration):
    argued = "The new constraint allows all that the old one did, and a file whose bytes were erased besides."

    dependencies = [("assessments", "0019_pending_claims_of_a_scorecard"), ("outbox", "0007_hidden_text")]

    operations = [
        migrations.RemoveConstraint("evidence", "evidence_file_or_link"),
        migrations.AddField("evidence", "fault", models.CharField(blank=True, db_default="", default="", max_length=200)),
        migrations.AddField(
            "evidence", "sent_sha256", models.CharField(blank=True, db_default="", default="", max_length=64)
        ),
        migrations.AddConstraint(
            "evidence",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("file", None), ("file_name", ""), models.Q(("url", ""), _negated=True)),
                    models.Q(("file__isnull", False), ("url", ""), models.Q(("file_name", ""), _negated=True)),
                    models.Q(
                        ("file", None),
                        ("removed_at__isnull", False),
                        ("url", ""),
                        models.Q(("file_name", ""), _negated=True),
                        models.Q(("sent_sha256", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="evidence_file_or_link",
            ),
        ),
        migrations.RunPython(erase_what_was_taken_back, migrations.RunPython.noop),
    ]

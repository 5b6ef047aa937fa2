from django.db import migrations, models
from django.db.models import Q
from django.utils import timezone


def erase_what_was_removed(apps, schema_editor):
    """Pictures removed before this release were only hidden: the same job erases them."""
    Picture, Job = apps.get_model("assessments", "Picture"), apps.get_model("outbox", "Job")
    gone = Picture.objects.filter(removed_at__isnull=False).exclude(file=None, sent=None).values_list("pk", flat=True)
    for pk in gone:
        fields = {"kind": "picture.erase", "queue": "papers", "payload": {"picture": pk}, "due_at": timezone.now()}
        Job.objects.get_or_create(key=f"picture-erase:{pk}", defaults=fields)


class Migration(migrations.Migration):
    argued = "The new constraint allows all that the old one did, and a picture whose bytes were erased besides."

    dependencies = [("assessments", "0025_carers"), ("outbox", "0007_hidden_text")]

    operations = [
        migrations.RemoveConstraint("picture", "picture_sent_drawn_or_faulty"),
        migrations.AddField(
            "picture", "erased_sha256", models.CharField(blank=True, db_default="", default="", max_length=64)
        ),
        migrations.AddConstraint(
            "picture",
            models.CheckConstraint(
                condition=Q(
                    Q(("fault", ""), ("file__isnull", False), ("height__gt", 0), ("sent", None), ("width__gt", 0)),
                    Q(("fault", ""), ("file", None), ("sent__isnull", False)),
                    Q(("file", None), ("sent", None), Q(("fault", ""), _negated=True)),
                    Q(
                        ("fault", ""),
                        ("file", None),
                        ("removed_at__isnull", False),
                        ("sent", None),
                        Q(("erased_sha256", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="picture_sent_drawn_or_faulty",
            ),
        ),
        migrations.RunPython(erase_what_was_removed, migrations.RunPython.noop),
    ]

from django.db import migrations, models
from django.utils import timezone


def from_the_closing(apps, schema_editor):
    """Editions before this one were judged by the day of their closing."""
    for edition in apps.get_model("assessments", "Edition").objects.all():
        edition.reference_on = timezone.localdate(edition.closes_at)
        edition.save(update_fields=["reference_on"])


class Migration(migrations.Migration):
    dependencies = [("assessments", "0014_drafts_of_editions_and_delays")]

    operations = [
        migrations.AddField("edition", "reference_on", models.DateField(null=True)),
        migrations.RunPython(from_the_closing, migrations.RunPython.noop),
        migrations.AddField(
            "initiative",
            "axis",
            models.CharField(
                blank=True, db_default="", default="", max_length=64, verbose_name="à quoi elle sert d’abord"
            ),
        ),
    ]

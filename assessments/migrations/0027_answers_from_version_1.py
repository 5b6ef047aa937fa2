from django.db import migrations, models
from django.db.models import Q


def forget_version_0(apps, schema_editor):
    """Only a forged request wrote a row before the first, and it never stood once there was a first."""
    apps.get_model("assessments", "Answer").objects.filter(version=0).delete()


class Migration(migrations.Migration):
    argued = "The previous release writes versions from 1 on, but for a forged request, which is refused all the same."

    # Rows are deleted, then the table is altered: PostgreSQL does not do both at once.
    atomic = False
    dependencies = [("assessments", "0026_erased_pictures")]

    operations = [
        migrations.RunPython(forget_version_0, migrations.RunPython.noop),
        migrations.AddConstraint(
            "answer", models.CheckConstraint(condition=Q(("version__gte", 1)), name="answer_first_is_version_1")
        ),
    ]

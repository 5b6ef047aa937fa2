from django.db import migrations, models


class Migration(migrations.Migration):
    """A name for what it is; the table keeps its own."""

    dependencies = [
        ("assessments", "0024_notices"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameModel("Charge", "Carer"),
                migrations.AlterModelTable("Carer", "assessments_charge"),
                migrations.AlterField(
                    "Carer",
                    "application",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="carers", to="assessments.application"
                    ),
                ),
            ]
        ),
    ]

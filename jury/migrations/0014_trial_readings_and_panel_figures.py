from django.db import migrations


class Migration(migrations.Migration):
    """Names for what they are; the tables keep their own."""

    dependencies = [
        ("jury", "0013_chair_reads"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameModel("Trial", "TrialReading"),
                migrations.AlterModelTable("TrialReading", "jury_trial"),
                migrations.RenameModel("Figures", "PanelFigures"),
                migrations.AlterModelTable("PanelFigures", "jury_figures"),
            ]
        ),
    ]

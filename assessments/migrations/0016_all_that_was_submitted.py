from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessments", "0015_what_an_initiative_serves_first")]

    operations = [
        migrations.AddField("scorecard", "submitted", models.TextField(blank=True, db_default="", default="")),
    ]

import django.db.models.deletion
from django.db import migrations, models


def give_to_the_last_declared(apps, schema_editor):
    """The receipt of a file is that of its last submission."""
    Application = apps.get_model("assessments", "Application")
    Scorecard = apps.get_model("assessments", "Scorecard")
    for application in Application.objects.filter(receipt__isnull=False).only("receipt").iterator():
        rows = Scorecard.objects.filter(application=application, kind="declared").order_by("-round")
        Scorecard.objects.filter(pk__in=list(rows.values_list("pk", flat=True)[:1])).update(receipt=application.receipt_id)
    # PostgreSQL alters no table that has checks pending.
    schema_editor.connection.check_constraints()


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0011_pictures'),
        ('outbox', '0003_rank_of_a_job'),
    ]

    operations = [
        migrations.AddField(
            model_name='scorecard',
            name='receipt',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='outbox.storedfile'),
        ),
        migrations.RunPython(give_to_the_last_declared, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='scorecard',
            constraint=models.CheckConstraint(condition=models.Q(('receipt', None), ('kind', 'declared'), _connector='OR'), name='scorecard_declared_has_the_receipt'),
        ),
        migrations.RemoveField(
            model_name='application',
            name='receipt',
        ),
    ]

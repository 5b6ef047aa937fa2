from django.db import migrations


def mark(apps, schema_editor):
    """Mails whose job was given up: their own row says so from now on."""
    keys = apps.get_model("outbox", "Job").objects.filter(kind="mail.send", state="dead").values_list("key", flat=True)
    given_up = [key.removeprefix("mail:") for key in keys]
    apps.get_model("outbox", "Mail").objects.filter(pk__in=given_up, state="todo").update(state="failed")


class Migration(migrations.Migration):
    dependencies = [("outbox", "0003_rank_of_a_job")]
    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]

from django.db import migrations

from results.rules import stems

BATCH = 500


def write_words(apps, schema_editor):
    """Whole words instead of stems, and those of the results and the partners. A release that looks for stems still
    finds them: they are how the words begin."""
    rows = apps.get_model("results", "PublishedInitiative").objects
    last = 0
    while batch := list(
        rows.filter(pk__gt=last).order_by("pk").only("pk", "title", "description", "results", "partners")[:BATCH]
    ):
        for row in batch:
            row.tokens = stems.tokens(row.title, row.description, row.results, row.partners)
        rows.bulk_update(batch, ["tokens"])
        last = batch[-1].pk


class Migration(migrations.Migration):
    dependencies = [("results", "0015_open_data_files")]
    operations = [migrations.RunPython(write_words, migrations.RunPython.noop)]

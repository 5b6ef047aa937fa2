import pytest
from django.db import migrations, models
from django.db.migrations.state import ModelState, ProjectState
from django.db.models import Q

from label.operations import AddIndexMeanwhile
from label.upgrades import previous_release_runs, problems


def text(**options):
    return models.CharField(max_length=20, **options)


@pytest.fixture
def released():
    """One table, as the previous release has it."""
    state = ProjectState()
    fields = [("id", models.BigAutoField(primary_key=True)), ("name", text()), ("note", text(null=True))]
    state.add_model(ModelState("app", "Row", fields))
    return state


def found(released, *operations):
    migration = migrations.Migration("0002", "app")
    migration.operations = operations
    return [problem for problem, _hint in problems(migration, released, released)]


CHECKED = models.CheckConstraint(condition=Q(name=""), name="c")
INDEX = models.Index(fields=["name"], name="i")


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("row", "new", text(default="")),
        migrations.RemoveField("row", "name"),
        migrations.DeleteModel("Row"),
        migrations.RenameField("row", "name", "title"),
        migrations.RenameModel("Row", "Line"),
        migrations.AlterModelTable("row", "other"),
        migrations.AlterField("row", "note", text(default="")),
        migrations.AlterField("row", "name", models.CharField(max_length=5)),
        migrations.AlterField("row", "name", models.IntegerField()),
        migrations.AddIndex("row", INDEX),
        migrations.AddConstraint("row", CHECKED),
        migrations.AddConstraint("row", models.UniqueConstraint(fields=["name"], name="u")),
        migrations.AlterUniqueTogether("row", {("name", "note")}),
    ],
    ids=lambda operation: operation.describe(),
)
def test_operation_that_breaks_the_previous_release_is_refused(released, operation):
    assert found(released, operation) == [operation.describe()]


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("row", "new", text(db_default="")),
        migrations.AddField("row", "new", text(null=True)),
        migrations.AddField("row", "new", models.ManyToManyField("app.Row")),
        migrations.AlterField("row", "name", models.CharField(max_length=40, null=True)),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("row", "note")]),
        migrations.CreateModel("Other", [("id", models.BigAutoField(primary_key=True))]),
        migrations.RunPython(migrations.RunPython.noop),
        AddIndexMeanwhile("row", INDEX),
    ],
    ids=lambda operation: operation.describe(),
)
def test_operation_that_lets_it_run_passes(released, operation):
    assert found(released, operation) == []


def test_what_the_previous_release_does_not_have_may_change_freely(released):
    new = migrations.CreateModel("New", [("id", models.BigAutoField(primary_key=True)), ("name", text())])

    assert found(released, new, migrations.RemoveField("new", "name"), migrations.DeleteModel("New")) == []


def test_new_column_may_be_taken_back_before_its_release(released):
    assert (
        found(released, migrations.AddField("row", "new", text(db_default="")), migrations.RemoveField("row", "new"))
        == []
    )


def test_condition_on_new_columns_passes(released):
    add = migrations.AddField("row", "new", text(db_default=""))
    constraint = models.CheckConstraint(condition=Q(new="") | Q(new="a"), name="c")

    assert found(released, add, migrations.AddConstraint("row", constraint)) == []


def test_our_migrations_let_the_previous_release_run():
    assert previous_release_runs() == []

"""Does the previous release still run once these migrations are applied? Checked on each migration since that release.

For some minutes at each upgrade, and for days after a rollback, its code writes into the new tables: it knows no new
column, reads every old one, and its writes must not wait for an index."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.db import models
from django.db.migrations import Migration, operations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.db.models.fields import NOT_PROVIDED

from label.operations import AddIndexMeanwhile

# The previous release (0.2.0): its last migrations, and its commit. Moved on at each release.
RELEASED = {
    "accounts": "0002_helpers_and_mandates",
    "assessments": "0013_visits",
    "jury": "0007_files_read_anew_and_trials",
    "outbox": "0003_rank_of_a_job",
    "results": "0011_receipts_and_minutes_checked",
    "territories": "0002_narrow_spaces_of_bands",
}
RELEASED_AT = "9839188fcce7646d62eaa3c8d16d15a8cf954140"
Problem = tuple[str, str]
Field = models.Field[Any, Any]
DROPPED = (
    "The previous release reads it: forget it in this release (the column null=True or db_default=…, then "
    "SeparateDatabaseAndState(state_operations=[…])), drop it from the database in the next one."
)


@register("migrations")
def previous_release_runs(**_: Any) -> list[CheckMessage]:
    """An error for each operation that breaks it. A migration that knows better says why: `argued = "…"`."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return [
        Error(f"{migration}: {problem}", hint=hint, id="label.E001")
        for migration, before in _since_release(loader)
        if not getattr(migration, "argued", "")
        for problem, hint in problems(migration, before, _released(loader))
    ]


def _since_release(loader: MigrationLoader) -> Iterator[tuple[Migration, ProjectState]]:
    """Each migration of ours that the previous release does not have, with the state that it starts from."""
    for app in RELEASED:
        for key in sorted(key for key in loader.graph.nodes if key[0] == app and key[1] > RELEASED[app]):
            yield loader.get_migration(*key), loader.project_state([key], at_end=False)


def _released(loader: MigrationLoader) -> ProjectState:
    return loader.project_state([item for item in RELEASED.items() if item in loader.graph.nodes])


def problems(migration: Migration, before: ProjectState, released: ProjectState) -> Iterator[Problem]:
    """What breaks the code of the state `released`, each with the way out."""
    state = before.clone()
    for operation in migration.operations:
        name = str(getattr(operation, "model_name", getattr(operation, "old_name", getattr(operation, "name", ""))))
        known = released.models.get((migration.app_label, name.lower()))
        if known:
            yield from _of(operation, state.models.get((migration.app_label, name.lower())), known)
        operation.state_forwards(migration.app_label, state)


def _of(operation: Any, model: Any, known: Any) -> Iterator[Problem]:
    """`known` is the model as the previous release has it, `model` as it is just before."""
    what, field = operation.describe(), getattr(operation, "old_name", getattr(operation, "name", ""))
    if isinstance(operation, operations.AddField):
        if not _may_be_left_out(operation.field):
            yield what, "The previous release writes rows without it: give it null=True or db_default=…."
    elif isinstance(operation, operations.DeleteModel) or (
        isinstance(operation, operations.RemoveField) and field in known.fields
    ):
        yield what, DROPPED
    elif isinstance(operation, operations.AlterField) and field in known.fields:
        yield from _of_altered(what, model.fields[field], operation.field)
    elif isinstance(operation, operations.RenameModel | operations.AlterModelTable) or (
        isinstance(operation, operations.RenameField) and field in known.fields
    ):
        yield what, "The previous release knows the old name: keep it in the database (db_column, db_table)."
    elif isinstance(operation, operations.AddIndex) and not isinstance(operation, AddIndexMeanwhile):
        yield what, "Writes wait until it is made: use label.operations.AddIndexMeanwhile, alone, atomic = False."
    elif isinstance(operation, operations.AlterUniqueTogether) or (
        isinstance(operation, operations.AddConstraint) and not _is_of_new_columns(operation.constraint, known)
    ):
        yield what, "The previous release may write what it forbids: say in `argued` why it never does."


def _of_altered(what: str, old: Field, new: Field) -> Iterator[Problem]:
    if old.null and not new.null:
        yield what, "The previous release may write null: let a release write it always, then forbid null."
    if old.db_default is not NOT_PROVIDED and not _may_be_left_out(new):
        yield what, "The previous release may leave it out: keep db_default until the release after."
    if old.get_internal_type() != new.get_internal_type() or (new.max_length or 0) < (old.max_length or 0):
        yield what, "The previous release writes the old type: add another column."


def _may_be_left_out(field: Field) -> bool:
    return bool(field.null or field.many_to_many or field.generated or field.db_default is not NOT_PROVIDED)


def _is_of_new_columns(constraint: models.BaseConstraint, known: Any) -> bool:
    """A condition on columns that the previous release leaves at their default."""
    condition = getattr(constraint, "condition", None)
    if isinstance(constraint, models.UniqueConstraint) or not isinstance(condition, models.Q):
        return False
    return not condition.referenced_base_fields & set(known.fields)

"""Operations of migrations that leave the service running. The one module of this package that others import: in their
migrations."""

from django.contrib.postgres.operations import NotInTransactionMixin
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.postgresql.schema import DatabaseSchemaEditor as PostgresEditor
from django.db.migrations.operations import AddIndex
from django.db.migrations.state import ProjectState


class AddIndexMeanwhile(NotInTransactionMixin, AddIndex):
    """An index made while others write (CONCURRENTLY on PostgreSQL): its migration has `atomic = False`, and nothing
    else in it. SQLite has one writer at a time and makes it as always."""

    atomic = False

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        if not isinstance(schema_editor, PostgresEditor):
            return super().database_forwards(app_label, schema_editor, from_state, to_state)
        self._ensure_not_in_transaction(schema_editor)
        model = to_state.apps.get_model(app_label, self.model_name)
        # One that was cut off is there under the same name, invalid.
        schema_editor.remove_index(model, self.index, concurrently=True)
        schema_editor.add_index(model, self.index, concurrently=True)
        return None

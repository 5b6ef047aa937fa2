"""`manage.py sizes`: what this instance weighs, and what of it one application weighs; see docs/sizing.md."""

from typing import Any

from django.core.management import BaseCommand
from django.db import connection
from django.db.models import Count, Sum

from assessments.models import Application
from label.backups import models_kept
from outbox.models import StoredFile
from territories.models import Territory

SMALLEST = 100_000  # octets: tables below are told together


class Command(BaseCommand):
    help = "Print the rows and octets of each table, the files by kind, and what each weighs for one application."

    def handle(self, *args: Any, **options: Any) -> None:
        applications = Application.objects.count()
        self.stdout.write(f"{applications} applications, {Territory.objects.count()} territories. Octets:")
        self.applications = max(applications, 1)
        others = [0, 0]
        for model in sorted(models_kept(), key=lambda each: -octets(each._meta.db_table)):
            rows, weight = model._base_manager.count(), octets(model._meta.db_table)
            if weight >= SMALLEST:
                self._line(model._meta.db_table, rows, weight)
            else:
                others = [others[0] + rows, others[1] + weight]
        self._line("smaller tables", *others)
        self._line("the database, whole", None, whole())
        files = StoredFile.objects.order_by().values_list("content_type").annotate(Count("pk"), Sum("size"))
        for kind, count, weight in sorted(files, key=lambda each: -each[2]):
            self._line(f"files {kind}", count, weight)
        self._line("files, all", sum(row[1] for row in files), sum(row[2] for row in files))

    def _line(self, what: str, rows: int | None, weight: int) -> None:
        count = "" if rows is None else str(rows)
        self.stdout.write(f"{what:<45.45} {count:>12} {weight:>15} {weight // self.applications:>12} an application")


def octets(table: str) -> int:
    """With its indexes; 0 on SQLite, which does not tell them apart."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_total_relation_size(%s)", [f'"{table}"'])
        return int(cursor.fetchone()[0])


def whole() -> int:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
        else:
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        return int(cursor.fetchone()[0])

"""`manage.py verify_backup SOURCE`: see docs/operate.md."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from label import backups


class Command(BaseCommand):
    help = "Read a backup whole and compare it with its manifest."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", metavar="SOURCE", type=Path, help="the folder of a backup")

    def handle(self, *args: Any, path: Path, **options: Any) -> None:
        try:
            done = backups.verify(path, key=settings.BACKUP_KEY)
        except backups.Faulty as error:
            raise CommandError(str(error)) from error
        files = sum(name.startswith("files/") for name in done["digests"])
        rows = sum(done["rows"].values())
        self.stdout.write(f"Whole: {rows} rows and {files} files, as they were at {done['made_at']}.")

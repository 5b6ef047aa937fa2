"""`manage.py backup TARGET`: see docs/operate.md."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from label import backups


class Command(BaseCommand):
    help = "Write a backup of everything into an empty folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", metavar="TARGET", type=Path, help="an empty folder, or one to be made")

    def handle(self, *args: Any, path: Path, **options: Any) -> None:
        try:
            done = backups.backup(path, key=settings.BACKUP_KEY)
        except backups.Faulty as error:
            raise CommandError(str(error)) from error
        files = sum(name.startswith("files/") for name in done["digests"])
        rows = sum(done["rows"].values())
        self.stdout.write(f"Backup of {rows} rows and {files} files in {path}. Keep a copy on another machine.")

"""`manage.py restore SOURCE`: see docs/operate.md."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from label import backups


class Command(BaseCommand):
    help = "Restore a backup into an empty service."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", metavar="SOURCE", type=Path, help="the folder of a backup")

    def handle(self, *args: Any, path: Path, **options: Any) -> None:
        try:
            done = backups.restore(path, key=settings.BACKUP_KEY)
        except backups.Faulty as error:
            raise CommandError(str(error)) from error
        files = sum(name.startswith("files/") for name in done["digests"])
        rows = sum(done["rows"].values())
        self.stdout.write(f"Restored: {rows} rows and {files} files, as they were at {done['made_at']}.")
        again, left = backups.erase_again()
        if again:
            self.stdout.write(f"Accounts erased since then, erased again: {again}.")
        if left:
            self.stdout.write(f"Accounts to be erased again by hand: {', '.join(user.email for user in left)}.")
        self.stdout.write("Mails that were to leave are kept, to be sent or not: see /organisation/courriels/.")

"""`manage.py purge`: what has come to its end, counted; with `--apply`, deleted, as each night."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand
from django.utils import timezone

from label import ends


class Command(BaseCommand):
    help = "Count the rows that are past what the page about personal data states; with --apply, delete them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--apply", action="store_true", help="delete them, instead of counting them alone")

    def handle(self, *args: Any, apply: bool, **options: Any) -> None:
        found = (ends.purge if apply else ends.count)(now=timezone.now())
        for end, rows in found:
            self.stdout.write(f"{end.what}: {rows}")
        if not apply:
            self.stdout.write("Nothing was touched (--apply does it).")

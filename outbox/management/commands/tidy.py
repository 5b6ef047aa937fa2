"""`manage.py tidy`: what the daily tidying would do, or does when it is asked to."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand
from django.utils import timezone

from outbox.jobs import tidying


class Command(BaseCommand):
    help = "Print what the daily tidying of files would do; with --apply, do it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--apply", action="store_true", help="do it, instead of printing it alone")

    def handle(self, *args: Any, apply: bool, **options: Any) -> None:
        now = timezone.now()
        seen = tidying.tidy(now=now) if apply else tidying.look(now=now)
        for path in seen.drafts:
            self.stdout.write(f"delete the draft {path}")
        for name in seen.wanted:
            self.stdout.write(f"take {name} back from the bin: a row names it again")
        stays = "leave" if seen.doubt else ""
        for path in seen.orphans:
            self.stdout.write(f"{stays or 'put in the bin'} {path}: no row names it")
        for name in seen.expired:
            self.stdout.write(f"{stays or 'delete'} {name} of the bin: {tidying.KEPT_IN_BIN.days} days there")
        if seen.doubt:
            self.stdout.write(self.style.WARNING(f"In doubt, nothing is deleted nor put in the bin: {seen.doubt}."))
        if not apply:
            self.stdout.write("Nothing was touched (--apply does it).")

"""`manage.py replay [YEAR]`: compute every stored scorecard again and compare."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand

from assessments.doors.replay import replay


class Command(BaseCommand):
    help = "Replay the stored scorecards from their frozen inputs; exit status 1 when one differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("year", nargs="?", type=int, help="one edition; all without it")

    def handle(self, *args: Any, year: int | None, **options: Any) -> None:
        count, wrong = 0, 0
        for replayed in replay(year):
            count += 1
            if replayed.differs:
                wrong += 1
                card = replayed.scorecard
                names = ", ".join(replayed.differs)
                self.stderr.write(f"{card.application} {card.kind} {card.round}: {names} differ")
        self.stdout.write(f"{count} scorecards replayed, {wrong} differ")
        if wrong:
            sys.exit(1)

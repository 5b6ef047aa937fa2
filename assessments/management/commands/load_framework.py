"""`manage.py load_framework 2027`: read the questionnaire of an edition into the database. Safe to run again."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessments.doors import frameworks
from scoring.framework import FrameworkError


class Command(BaseCommand):
    help = "Load the questionnaire of an edition (assessments/editions/<year>/framework.yaml)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("year", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        path = frameworks.path_of(options["year"])
        try:
            row = frameworks.load(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        except FrameworkError as error:
            raise CommandError("\n".join(map(str, error.faults))) from error
        self.stdout.write(f"{row.year} {row.hash}")

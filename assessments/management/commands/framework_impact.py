"""`manage.py framework_impact OLD NEW`: who would change level, and by which questions."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessments.jobs import impact
from assessments.models import Framework
from scoring import framework as engine_framework
from scoring.framework import Framework as EngineFramework
from scoring.framework import FrameworkError


class Command(BaseCommand):
    help = (
        "Measure what a version of a questionnaire would change for the files that follow another one. Writes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("old", help="the beginning of the hash of a version that was loaded")
        parser.add_argument("new", help="the same, or the path of a file that was not loaded yet")

    def handle(self, *args: Any, old: str, new: str, **options: Any) -> None:
        before, after = _loaded(old), _either(new)
        self._tell_questions(impact.questions(before.parsed, after))
        files = impact.counted().filter(framework=before)
        told = impact.summary((application, impact.of_file(application, after)) for application in files.iterator())
        self.stdout.write(f"{told['files']} files, {told['parked']} answers put aside")
        for level_before, level_after, count in told["levels"]:
            self.stdout.write(f"  {level_before or '-'} -> {level_after or '-'}: {count}")
        for file in told["moved"]:
            self.stdout.write(f"{file['code']} {file['name']}: {file['level'][0]} -> {file['level'][1]}")
            for change in file["changes"]:
                (earned, possible), (now_earned, now_possible) = change["before"], change["after"]
                self.stdout.write(
                    f"  {change['what']} {change['id']}: {earned}/{possible} -> {now_earned}/{now_possible}"
                )

    def _tell_questions(self, told: dict[str, Any]) -> None:
        for what in ("gone", "new", "changed"):
            for question in told[what]:
                keys = f" ({', '.join(question['keys'])})" if "keys" in question else ""
                self.stdout.write(f"{what} {question['id']}{keys}")
        if told["rest"]:
            self.stdout.write(f"changed {', '.join(told['rest'])}")
        for fault in told["meanings"]:
            self.stderr.write(fault)


def _loaded(beginning: str) -> Framework:
    rows = list(Framework.objects.filter(hash__startswith=beginning)[:2])
    if len(rows) != 1:
        raise CommandError(
            f"{beginning} is the beginning of {len(rows) or 'no'} loaded version: give more of its hash."
        )
    return rows[0]


def _either(given: str) -> EngineFramework:
    path = Path(given)
    if not path.is_file():
        return _loaded(given).parsed
    try:
        return engine_framework.load(path.read_bytes())
    except FrameworkError as error:
        raise CommandError("\n".join(map(str, error.faults))) from error

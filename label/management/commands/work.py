"""`manage.py work GROUP`: one group of workers, with the processes of the settings; for an image or a supervisor."""

import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import connection

from label import health
from label.supervisor import beat_command, worker_command


class Command(BaseCommand):
    help = "Become a worker of these groups, or the beat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("groups", nargs="+", choices=[*settings.WORKERS, "beat"], metavar="GROUP")

    def handle(self, *args: Any, groups: list[str], **options: Any) -> None:
        if groups != ["beat"] and (lacks := health.lacks()):
            raise CommandError(lacks)
        connection.close()
        command = beat_command() if groups == ["beat"] else worker_command(*groups)
        os.execv(command[0], command)  # noqa: S606 -- ours; the signals of the supervisor reach Celery itself

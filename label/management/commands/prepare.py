"""`manage.py prepare`: what a start needs before it serves. The first time, the official lists too."""

from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, call_command
from django.db import transaction

from territories.models import Territory


class Command(BaseCommand):
    help = "Bring the database to this release; where there is no territory yet, load the official lists."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        # The demonstration loads them among its own stages.
        if settings.INSTANCE["demo"] or Territory.objects.exists():
            return
        self.stdout.write("First start: loading the official list of communes…")
        self.stdout.flush()
        # Both or none: a start that is interrupted begins again.
        with transaction.atomic():
            call_command("load_territories", stdout=self.stdout)
            call_command("load_laureates", stdout=self.stdout)

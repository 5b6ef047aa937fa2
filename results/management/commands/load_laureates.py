from typing import Any

from django.core.management.base import BaseCommand, CommandError

from results import actions


class Command(BaseCommand):
    help = "Load the real laureates 2000–2025 with their sources; again changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        loaded, unknown = actions.load_laureates()
        if unknown:
            raise CommandError(f"{loaded} rows loaded; codes not in the official list: {', '.join(unknown)}")
        self.stdout.write(f"{loaded} laureates")

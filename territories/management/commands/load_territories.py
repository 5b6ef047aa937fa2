from typing import Any

from django.core.management.base import BaseCommand

from territories.actions import load_france


class Command(BaseCommand):
    help = "Load communes, EPCI, departments, regions and postcodes from the official list; safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = load_france()
        self.stdout.write(
            f"{loaded.communes} communes, {loaded.epcis} EPCI, {loaded.departments} departments, "
            f"{loaded.regions} regions, {loaded.postcodes} postcodes."
        )

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from territories.actions import DATA, YEAR, load_france


class Command(BaseCommand):
    help = "Load communes, EPCI, departments, regions and postcodes from the official list; safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=DATA, help="a list laid out as territories/data")
        parser.add_argument("--year", type=int, default=YEAR, help="of that list")

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = load_france(options["folder"], year=options["year"])
        self.stdout.write(
            f"{loaded.communes} communes, {loaded.epcis} EPCI, {loaded.departments} departments, "
            f"{loaded.regions} regions, {loaded.postcodes} postcodes."
        )
        if loaded.changed:
            self.stdout.write(f"{loaded.changed} territories changed: see /organisation/territoires/.")

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from season.actions import start


class Command(BaseCommand):
    help = "Print a one-time address that opens an instance where nobody organises yet."

    def handle(self, *args: Any, **options: Any) -> None:
        address = start.new_first_address()
        if address is None:
            raise CommandError("Somebody organises already: they can name others in the pages.")
        self.stdout.write(address)

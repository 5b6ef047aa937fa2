from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.refusals import Refused
from documents import credential
from results import actions


class Command(BaseCommand):
    help = "The key that signs credentials was stolen: forget it, and have everything signed again. Stop workers first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("multikey", nargs="?", help="as in did.json; when not given, the key in the folder of keys")

    def handle(self, *args: Any, multikey: str | None, **options: Any) -> None:
        path = settings.KEYS_DIR / "credential.key"
        present = credential.multikey(credential.signing_key(path)) if path.exists() else None
        stolen = multikey or present
        if stolen is None:
            raise CommandError(f"There is no key at {path}: name the stolen one, as /.well-known/did.json has it.")
        try:
            with transaction.atomic():
                count = actions.forget_stolen_key(multikey=stolen)
                # Before anything is due: the next credential makes another key.
                if stolen == present:
                    path.unlink()
        except Refused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{stolen} is forgotten; {count} credentials will be signed again. Start the workers.")

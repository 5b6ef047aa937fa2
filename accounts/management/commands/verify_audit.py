from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.jobs.sealing import Head, verify


def read_head(text: str) -> Head:
    position, _, digest = text.partition(":")
    if not position.isdigit() or len(digest) != 64:
        raise ArgumentTypeError("a head is written POSITION:DIGEST, as this command prints it")
    return Head(int(position), digest)


class Command(BaseCommand):
    help = "Read the sealed trail again and say whether it holds; print its head, to be kept elsewhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--expect", type=read_head, help="a head kept from an earlier run, POSITION:DIGEST")

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = verify(expected=options["expect"])
        if verdict.broken_at is not None:
            raise CommandError(f"The trail is broken at position {verdict.broken_at}.")
        self.stdout.write(f"The trail holds; {verdict.unsealed} entries wait for their seal.")
        self.stdout.write(f"{verdict.head.position}:{verdict.head.digest}")

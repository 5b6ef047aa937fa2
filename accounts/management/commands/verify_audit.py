from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.jobs.sealing import Head, is_signed, verify


def read_head(text: str) -> Head:
    position, _, digest = text.partition(":")
    if not position.isdecimal() or len(digest) != 64:
        raise ArgumentTypeError("a head is written POSITION:DIGEST, as this command prints it")
    return Head(int(position), digest)


class Command(BaseCommand):
    help = "Read the sealed trail again and say whether it holds; print its head, to be kept elsewhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--expect", type=read_head, help="a head kept from an earlier run, POSITION:DIGEST")
        parser.add_argument("--signature", help="the signature that came with it: was it this service that wrote it?")

    def handle(self, *args: Any, **options: Any) -> None:
        expected = options["expect"]
        signature = options["signature"]
        if signature and not (expected and is_signed(f"{expected.position}:{expected.digest}", signature)):
            raise CommandError("This head was not signed by the key of this service.")
        verdict = verify(expected=expected)
        if verdict.broken_at is not None:
            raise CommandError(f"The trail is broken at position {verdict.broken_at}.")
        self.stdout.write(f"The trail holds; {verdict.unsealed} entries wait for their seal.")
        self.stdout.write(f"{verdict.head.position}:{verdict.head.digest}")

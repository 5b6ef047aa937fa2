import sys
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from accounts import actions
from accounts.doors import links
from accounts.models import User


class Command(BaseCommand):
    help = "Make the person of this address an organiser; print a link to choose a password, or read one from stdin."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="")
        parser.add_argument("--function", default="")
        parser.add_argument("--password-stdin", action="store_true", help="read the password from the standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"]
        password = sys.stdin.readline().rstrip("\n") if options["password_stdin"] else None
        try:
            validate_email(email)
            if password is not None:
                validate_password(password, User(email=email, name=options["name"]))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        user = actions.create_organiser(
            email=email, name=options["name"], function=options["function"], password=password
        )
        self.stdout.write(f"{user.email} is an organiser.")
        if password is None:
            self.stdout.write(f"Choose a password within three days: {links.choose_password(user)}")

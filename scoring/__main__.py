"""The command line: `python -m scoring check | score | batch`. Faults are told in sentences, never by a traceback."""

import argparse
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from scoring import answers, engine, framework
from scoring.answers import Application
from scoring.faults import DocumentError, Fault, escaped
from scoring.framework import Framework
from scoring.hashing import canonical_of_checked
from scoring.texts import MAX_BYTES

OK, FAULTY, REFUSED = 0, 1, 2
LINES_AT_ONCE = 4096


class Unusable(Exception):
    """The command cannot go on; the message is for the terminal."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit status."""
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    sys.stderr.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    options = _parser().parse_args(arguments)
    try:
        status = int(options.command(options))
        sys.stdout.flush()
    except Unusable as error:
        print(error, file=sys.stderr)
        return REFUSED
    except OSError as error:  # of what is written: those of what is read were told above
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):  # the reader left, which is its right
            return OK
        print(f"Le résultat ne s’écrit pas ({error.strerror}).", file=sys.stderr)
        return REFUSED
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m scoring", description="Vérifie un référentiel, note des candidatures.")
    commands = parser.add_subparsers(required=True, metavar="COMMANDE")
    check = commands.add_parser("check", help="dit toutes les fautes d’un référentiel, une par ligne")
    check.add_argument("framework", metavar="RÉFÉRENTIEL")
    check.add_argument(
        "--since", metavar="ANCIEN", help="dit aussi les questions dont le sens a changé depuis celui-ci"
    )
    check.add_argument(
        "--strict",
        action="store_true",
        help="mesure aussi l’équilibre : points de chaque axe, seuils de population, enjeux, preuves, obligations",
    )
    check.set_defaults(command=_check)
    score = commands.add_parser("score", help="écrit le résultat d’une candidature, en JSON canonique (RFC 8785)")
    score.add_argument("framework", metavar="RÉFÉRENTIEL")
    score.add_argument("application", metavar="CANDIDATURE")
    score.set_defaults(command=_score)
    batch = commands.add_parser("batch", help="écrit un résultat par ligne, pour une candidature par ligne")
    batch.add_argument("framework", metavar="RÉFÉRENTIEL")
    batch.add_argument("applications", metavar="CANDIDATURES")
    batch.set_defaults(command=_batch)
    return parser


def _check(options: argparse.Namespace) -> int:
    since = _framework(options.since) if options.since else None
    faults = framework.check(_read(options.framework), since=since, strict=options.strict)
    if not faults:
        return OK
    print(_told(options.framework, faults))
    return FAULTY


def _score(options: argparse.Namespace) -> int:
    rules = _framework(options.framework)
    source = _read(options.application)
    try:
        application = answers.load(rules, source)
    except DocumentError as error:
        raise Unusable(_told(options.application, error.faults)) from None
    sys.stdout.buffer.write(canonical_of_checked(engine.score(rules, application).as_document()) + b"\n")
    return OK


def _batch(options: argparse.Namespace) -> int:
    """One result, or one error, for each line; a bad line does not stop the others."""
    from scoring import batch  # noqa: PLC0415 — NumPy is for this command alone

    rules = _framework(options.framework)
    status = OK
    numbered = enumerate(_lines(options.applications), 1)
    while lines := list(islice(numbered, LINES_AT_ONCE)):
        read = [_application_or_error(rules, line, number) for number, line in lines]
        good = [made for made in read if isinstance(made, Application)]
        scores = batch.score(rules, batch.encode(rules, good))
        results = (scores.result(row, application).as_document() for row, application in enumerate(good))
        for made in read:
            document = next(results) if isinstance(made, Application) else made
            sys.stdout.buffer.write(canonical_of_checked(document) + b"\n")
        if len(good) < len(read):
            status = REFUSED
    return status


def _application_or_error(rules: Framework, line: bytes, number: int) -> Application | dict[str, Any]:
    try:
        return answers.load(rules, line)
    except DocumentError as error:
        return {"error": " ".join(f"{fault.place} : {fault.what}" for fault in error.faults), "line": number}


def _lines(path: str) -> Iterator[bytes]:
    """The lines of a file, without their ends; one that is too long is cut, and its rest passed over."""
    with _reading(path), open(path, "rb") as file:
        while line := file.readline(MAX_BYTES + 2):
            rest = line
            while len(rest) > MAX_BYTES and not rest.endswith(b"\n"):
                rest = file.readline(MAX_BYTES + 2)
            yield line.removesuffix(b"\n")


def _framework(path: str) -> Framework:
    try:
        return framework.load(_read(path))
    except DocumentError as error:
        raise Unusable(_told(path, error.faults)) from None


def _read(path: str) -> bytes:
    """The bytes of a file, and not many more than a document may have."""
    with _reading(path), open(path, "rb") as file:
        return file.read(MAX_BYTES + 1)


@contextmanager
def _reading(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unusable(f"{escaped(path)} : ce fichier ne se lit pas ({error.strerror}).") from None


def _told(path: str, faults: Iterable[Fault]) -> str:
    return "\n".join(f"{escaped(path)} : {fault}" for fault in faults)


if __name__ == "__main__":
    sys.exit(main())

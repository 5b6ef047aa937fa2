"""`manage.py serve`: prepare the database, start the web server and the worker, say where and with which accounts."""

import os
import sys
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import DatabaseError, connection
from django.db.models import Count, QuerySet, Sum
from django.utils import timezone

from label.demo import people, season
from label.supervisor import Supervisor, beat_command, port_is_free, web_command, worker_command
from outbox import jobs
from outbox.models import Job, JobState, Rank
from season.actions import start


class Command(BaseCommand):
    help = "Start Arobase on this machine: web server and worker together."
    _shown, _in_place = "", False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="port on 127.0.0.1 (8000)")

    def handle(self, *args: Any, port: int, **options: Any) -> None:
        if not port_is_free(port):
            raise CommandError(f"Port {port} of 127.0.0.1 is taken: stop what uses it, or choose another with --port.")
        try:
            self._prepare()
        except (OSError, DatabaseError) as error:
            raise CommandError(f"The data folder {settings.DATA_DIR} cannot be used: {error}") from error
        address = f"http://127.0.0.1:{port}"
        if "SITE_URL" not in os.environ:
            settings.SITE_URL = address
            settings.ADDRESS_FILE.write_text(address)
        log = settings.DATA_DIR / "serve.log"
        commands = [web_command(port), *(worker_command(group) for group in settings.WORKERS), beat_command()]
        with Supervisor(commands, log=log) as supervisor:
            self._wait(address, supervisor, log)
            self._welcome(address)
            supervisor.watch(self._show_progress)
            self.stdout.write("\nStopping…")
        self.stdout.write("Stopped. Nothing is lost: the same command starts again where it was.")

    def _prepare(self) -> None:
        call_command("prepare", stdout=self.stdout)
        call_command("collectstatic", verbosity=0, interactive=False)
        # No worker runs yet: what a stopped one held is free.
        jobs.release()
        if settings.INSTANCE["demo"]:
            season.begin()

    def _wait(self, address: str, supervisor: Supervisor, log: Path) -> None:
        for _attempt in range(120):
            try:
                urllib.request.urlopen(f"{address}/sante/vivant/", timeout=2)  # noqa: S310 -- our own address
                return
            except urllib.error.HTTPError:
                return  # it answers, with a 503 until the worker's first heartbeat
            except OSError:
                time.sleep(0.25)
            if supervisor.stopping:
                return
            if not all(kept.is_alive() for kept in supervisor.processes):
                raise CommandError(f"A process ended by itself: the last lines of {log} say why.")

    def _welcome(self, address: str) -> None:
        self.stdout.write(f"\nArobase answers at {address}/   (Ctrl-C stops everything)")
        if settings.INSTANCE["demo"]:
            self.stdout.write(f"\nDemonstration accounts (password of all: {people.PASSWORD})")
            for who in people.SHOWN:
                self.stdout.write(f"  {people.address(who):<28} {people.FUNCTIONS[who]}")
        elif first := start.new_first_address():
            self.stdout.write(
                f"\nNobody organises here yet. This address serves once: it opens the assistant.\n  {first}"
            )
        self.stdout.flush()

    def _show_progress(self) -> None:
        """One line, rewritten; silent while nothing changes. « In place » is said once, and before what comes last."""
        due = Job.objects.filter(state=JobState.TODO, due_at__lte=timezone.now())
        line = self._line_of(due.filter(rank=Rank.USUAL))
        if not line and not self._in_place and (season.is_ready() or not settings.INSTANCE["demo"]):
            self._in_place = True
            self._show("Everything is in place.", end="\n")
        last = "" if line else self._line_of(due.filter(rank=Rank.LAST))
        connection.close()
        line = line or (f"Still to come, while it runs: {last}" if last else "")
        if line != self._shown:
            self._shown = line
            self._show(line, end="" if sys.stdout.isatty() else "\n")

    def _line_of(self, due: QuerySet[Job]) -> str:
        rows = list(due.values_list("kind").annotate(Sum("total"), Sum("done"), Count("pk")).order_by("kind"))
        long = [f"{kind}: {done}/{total}" for kind, total, done, _count in rows if total]
        return "  ".join(long or [f"{kind}: {count} left" for kind, _total, _done, count in rows])

    def _show(self, line: str, *, end: str) -> None:
        self.stdout.write(f"\r{line:<78}", ending=end)
        self.stdout.flush()

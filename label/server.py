"""The web server: `python -m label.server --bind 127.0.0.1:8000`, with WEB_PROCESSES and WEB_THREADS.

Waitress reads a whole request before a thread sees it and writes the answer once the thread is free: who sends or reads
slowly holds a socket, never a thread. Several processes share one listening socket; one that ends is replaced."""

import argparse
import ctypes
import logging
import os
import signal
import socket
import time
from contextlib import suppress
from tempfile import TemporaryDirectory
from types import FrameType
from wsgiref.types import WSGIApplication

from django.conf import settings
from django.db import connections
from waitress.server import create_server

logger = logging.getLogger(__name__)

OPTIONS = {
    "connection_limit": 1_000,
    # `select` knows no socket above the 1,024th.
    "asyncore_use_poll": True,
    # Seconds that a socket may say nothing, in the midst of a request or between two.
    "channel_timeout": 30,
    "cleanup_interval": 10,
    "max_request_header_size": 32 * 1024,
    "max_request_body_size": 64 * 1024 * 1024,
    # Left for `label.middleware.true_address`, which knows how many proxies are ours.
    "clear_untrusted_proxy_headers": False,
    "ident": None,
}
ENDINGS = {signal.SIGTERM, signal.SIGINT}
# Between two processes that take the place of others: where one cannot live, the next could not either.
SHORTEST = 1.0  # seconds
# Of glibc's mallopt(3): in how many pools threads share memory. Each pool keeps what its busiest hour took.
ARENAS = -8, 2


def load() -> WSGIApplication:
    from label.wsgi import application  # noqa: PLC0415 -- once what it counts has a place to be written

    return application


def serve(listening: socket.socket) -> None:
    """Until SIGTERM or Ctrl-C; what has begun is answered first."""
    application = load()
    for asked in ENDINGS:
        signal.signal(asked, _leave)
    create_server(application, sockets=[listening], threads=settings.WEB_THREADS, **OPTIONS).run()


def _leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit


class Processes:
    """So many of them, until SIGTERM or Ctrl-C ends them all."""

    def __init__(self, listening: socket.socket, *, wanted: int) -> None:
        self.listening, self.wanted = listening, wanted
        self.serving: set[int] = set()
        self.leaving = False

    def run(self) -> None:
        for asked in ENDINGS:
            signal.signal(asked, lambda *_: self.leave())
        with TemporaryDirectory(prefix="arobase-") as counts:
            # Where the processes write what they count (`label.metrics`), each for itself.
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = counts
            # Once for all of them: of what they never change, memory holds one. No connection goes with it.
            load()
            connections.close_all()
            self._keep()

    def _keep(self) -> None:
        while self.serving or not self.leaving:
            while len(self.serving) < self.wanted and not self.leaving:
                self.start()
            born = time.monotonic()
            pid, _status = os.wait()
            self.serving.discard(pid)
            if not self.leaving:
                # No error, which would be sent away by a thread of this process: it is about to fork.
                logger.warning("web process %s ended by itself; another takes its place", pid)
                time.sleep(max(0.0, SHORTEST - (time.monotonic() - born)))

    def start(self) -> None:
        # No signal between the birth of a process and its being known: it would outlive the others.
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)
        pid = os.fork()
        if not pid:
            self.be_one()
        self.serving.add(pid)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDINGS)

    def be_one(self) -> None:
        for asked in ENDINGS:
            signal.signal(asked, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDINGS)
        status = 1
        try:
            serve(self.listening)
            status = 0
        except Exception:
            logger.exception("this web process failed")
        finally:
            os._exit(status)

    def leave(self) -> None:
        self.leaving = True
        for pid in self.serving:
            os.kill(pid, signal.SIGTERM)


def main() -> None:
    parser = argparse.ArgumentParser(prog="label.server", description="The web server of Arobase.")
    parser.add_argument("--bind", default="127.0.0.1:8000", metavar="ADDRESS:PORT")
    host, _, port = parser.parse_args().bind.rpartition(":")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "label.settings")
    with suppress(AttributeError):  # of glibc alone
        ctypes.CDLL(None).mallopt(*ARENAS)
    listening = socket.create_server((host, int(port)), backlog=1024)
    if settings.WEB_PROCESSES > 1:
        Processes(listening, wanted=settings.WEB_PROCESSES).run()
    else:
        serve(listening)


if __name__ == "__main__":
    main()

"""A mail server that keeps what it accepts: enough of SMTP for the client of Python's library.

It refuses the recipients it is told to: `catcher({"plein@x.example": 452})`."""

import socketserver
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from email import message_from_bytes
from email.message import Message
from email.policy import default
from types import MappingProxyType


class _Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self._say(220)
        while line := self.rfile.readline():
            match line[:4].upper():
                case b"DATA":
                    self._say(354)
                    if (content := self._content()) is None:
                        return
                    self.server.accepted.append(message_from_bytes(content, policy=default))  # type: ignore[attr-defined]
                    self._say(250)
                case b"RCPT":
                    self._say(self.server.refused.get(line.decode().split("<")[1].split(">")[0], 250))  # type: ignore[attr-defined]
                case b"QUIT":
                    self._say(221)
                    return
                case _:
                    self._say(250)

    def _say(self, code: int) -> None:
        self.wfile.write(b"%d ok\r\n" % code)

    def _content(self) -> bytes | None:
        """Up to the lone dot; None when the client was cut off before it."""
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return None
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)

    def finish(self) -> None:
        # The client was killed.
        with suppress(OSError):
            super().finish()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client killed in mid-sentence is what these tests do."""


@contextmanager
def catcher(refused: Mapping[str, int] = MappingProxyType({})) -> Iterator[tuple[int, list[Message]]]:
    """Its port on 127.0.0.1, and what it has accepted so far."""
    with _Server(("127.0.0.1", 0), _Session) as server:
        server.accepted: list[Message] = []  # type: ignore[attr-defined]
        server.refused = refused  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server.server_address[1], server.accepted  # type: ignore[attr-defined]
        finally:
            server.shutdown()
            thread.join()

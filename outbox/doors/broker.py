"""The broker of the embedded default: bells in a folder.

Like kombu's transport on the file system, but a message appears whole or not at all: there, a process killed between
opening and writing leaves an empty message, and the worker that reads it stops. Bindings live in each process, which
declares the queues that it uses; nothing else is kept."""

from pathlib import Path
from queue import Empty
from time import time_ns
from typing import Any
from uuid import uuid4

from kombu.transport import TRANSPORT_ALIASES, virtual
from kombu.utils.json import dumps, loads


class Channel(virtual.Channel):
    def _messages(self, queue: str) -> list[Path]:
        """Oldest first, as their names begin with the time."""
        return sorted(self._folder.glob(f"*.{queue}.msg"))

    @property
    def _folder(self) -> Path:
        options: dict[str, Any] = self.connection.client.transport_options  # type: ignore[union-attr, assignment]
        return Path(options["folder"])

    def _put(self, queue: str, message: Any, **_: Any) -> None:
        name = f"{time_ns()}-{uuid4()}"
        draft = self._folder / f"{name}.draft"
        draft.write_text(dumps(message), encoding="utf-8")
        draft.rename(self._folder / f"{name}.{queue}.msg")

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        """Who removes the file has the message."""
        for path in self._messages(queue):
            try:
                content = path.read_text(encoding="utf-8")
                path.unlink()
            except FileNotFoundError:
                continue
            return loads(content)
        raise Empty

    def _size(self, queue: str) -> int:
        return len(self._messages(queue))

    def _purge(self, queue: str) -> int:
        messages = self._messages(queue)
        for path in messages:
            path.unlink(missing_ok=True)
        return len(messages)


class Transport(virtual.Transport):
    Channel = Channel
    global_state = virtual.BrokerState()
    implements = virtual.Transport.implements.extend(asynchronous=False, exchange_type=frozenset(["direct"]))
    default_port = 0
    driver_type = driver_name = "folder"

    def __init__(self, client: Any, **options: Any) -> None:
        super().__init__(client, **options)
        self.state = self.global_state

    def driver_version(self) -> str:
        return "1"


TRANSPORT_ALIASES["folder"] = "outbox.doors.broker:Transport"

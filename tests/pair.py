"""The servers that the tests run on, started here before Django reads its settings (`-p tests.pair`).

PAIR=embedded (the default): SQLite and Celery on the file system. PAIR=servers: a PostgreSQL and a Redis of our own, on
free ports of 127.0.0.1, as an unprivileged user, in a folder thrown away at the end."""

import atexit
import glob
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

PAIR = os.environ.get("PAIR", "embedded")
UNPRIVILEGED = "nobody"
# Tests need no disk; measures do (DURABLE=on).
DURABLE = os.environ.get("DURABLE", "off")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def program(name: str) -> str:
    """Debian keeps PostgreSQL's programs out of the PATH."""
    found = shutil.which(name) or next(iter(sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"), reverse=True)), None)
    if not found:
        raise SystemExit(f"{name} is missing: run `make test`, which says what to install.")
    return found


def unprivileged(folder: Path) -> dict[str, Any]:
    """How to start a server: PostgreSQL refuses to run as root."""
    user = None if os.geteuid() else UNPRIVILEGED
    return {"cwd": folder, "user": user, "stdout": subprocess.DEVNULL}


def servers_folder(parent: Path) -> Path:
    """Of servers started as somebody unprivileged, who must reach it."""
    folder = parent / "servers"
    folder.mkdir()
    if not os.geteuid():
        parent.chmod(0o755)
        os.chown(folder, pwd.getpwnam(UNPRIVILEGED).pw_uid, -1)
    return folder


def postgres_ctl(folder: Path, *words: str) -> None:
    how = unprivileged(folder)
    subprocess.run([program("pg_ctl"), "-D", str(folder / "postgres"), "-w", *words], check=True, **how)


def start_postgres(folder: Path, port: int) -> str:
    """Made the first time."""
    data = folder / "postgres"
    if not data.exists():
        make = [program("initdb"), "-D", str(data), "-U", "arobase", "-A", "trust", "-E", "UTF8", "--locale=C"]
        subprocess.run(make, check=True, **unprivileged(folder))
    options = f"-h 127.0.0.1 -p {port} -k {folder} -c fsync={DURABLE} -c max_connections=200"
    postgres_ctl(folder, "-o", options, "-l", str(folder / "postgres.log"), "start")
    return f"postgres://arobase@127.0.0.1:{port}/postgres"


def start_redis(folder: Path, port: int) -> subprocess.Popen[bytes]:
    command = [program("redis-server"), "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", ""]
    command += ["--appendonly", "yes", "--maxmemory-policy", "noeviction", "--databases", "64"]
    server = subprocess.Popen(command, **unprivileged(folder))
    for _attempt in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=0.2).close()
            return server
        except OSError:
            time.sleep(0.05)
    raise SystemExit("redis-server did not start.")


def start() -> None:
    folder = Path(tempfile.mkdtemp(prefix="arobase-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["AROBASE_DATA"] = str(folder / "data")
    os.environ["SECRET_KEY"] = secrets.token_urlsafe(64)
    os.environ.pop("DATABASE_URL", None)
    os.environ.pop("REDIS_URL", None)
    if PAIR == "servers":
        servers = servers_folder(folder)
        os.environ["DATABASE_URL"] = start_postgres(servers, free_port())
        atexit.register(postgres_ctl, servers, "-m", "immediate", "stop")
        port = free_port()
        redis = start_redis(servers, port)
        atexit.register(redis.wait)
        atexit.register(redis.terminate)
        os.environ["REDIS_URL"] = f"redis://127.0.0.1:{port}"
    os.environ["AROBASE_TEST_PAIR"] = PAIR


# Workers of pytest-xdist inherit the servers of the process that started them, each with a Redis database of its own.
worker = os.environ.get("PYTEST_XDIST_WORKER")
if worker is None:
    start()
else:
    number = int(worker.removeprefix("gw"))
    os.environ["AROBASE_DATA"] += f"/{worker}"
    if "REDIS_URL" in os.environ:
        os.environ["REDIS_URL"] += f"/{number + 1}"

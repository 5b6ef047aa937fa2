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


def start_postgres(folder: Path) -> str:
    data, port = folder / "postgres", free_port()
    bin_initdb, bin_ctl = program("initdb"), program("pg_ctl")
    how = unprivileged(folder)
    make = [bin_initdb, "-D", str(data), "-U", "arobase", "-A", "trust", "-E", "UTF8", "--locale=C"]
    subprocess.run(make, check=True, **how)
    options = f"-h 127.0.0.1 -p {port} -k {folder} -c fsync={DURABLE} -c max_connections=200"
    log = str(folder / "postgres.log")
    subprocess.run([bin_ctl, "-D", str(data), "-o", options, "-l", log, "-w", "start"], check=True, **how)
    atexit.register(subprocess.run, [bin_ctl, "-D", str(data), "-m", "immediate", "stop"], **how)
    return f"postgres://arobase@127.0.0.1:{port}/postgres"


def start_redis(folder: Path) -> str:
    port = free_port()
    command = [program("redis-server"), "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", ""]
    command += ["--appendonly", "yes", "--maxmemory-policy", "noeviction", "--databases", "64"]
    server = subprocess.Popen(command, **unprivileged(folder))
    atexit.register(server.wait)
    atexit.register(server.terminate)
    for _attempt in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=0.2).close()
            return f"redis://127.0.0.1:{port}"
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
        folder.chmod(0o755)
        servers = folder / "servers"
        servers.mkdir()
        if not os.geteuid():
            os.chown(servers, pwd.getpwnam(UNPRIVILEGED).pw_uid, -1)
        os.environ["DATABASE_URL"] = start_postgres(servers)
        os.environ["REDIS_URL"] = start_redis(servers)
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

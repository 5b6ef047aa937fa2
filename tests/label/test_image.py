"""The steps of the Dockerfile in a bare Debian root (mmdebstrap, chroot), then what docker-compose starts: prepare, the
web server, a worker, as the image's user, with a read-only root. What needs an engine is not tried: layers, networks,
volumes, capabilities, health checks as the engine calls them."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.pair import PAIR, free_port
from tests.worker import database_url, wait

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 300.0
# What the image begins with, `python:3.11-slim-bookworm`: Debian's own Python of the same version stands for it.
BASE = ("bookworm", "python3,python3-pip,python-is-python3")

pytestmark = [
    pytest.mark.trial,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(os.geteuid() != 0, reason="only root may change its root"),
    pytest.mark.skipif(PAIR != "servers", reason="the image runs on PostgreSQL and Redis"),
]


class Image:
    """A root, and what the Dockerfile has said so far of who runs there, where, with which variables."""

    def __init__(self, root):
        self.root, self.variables, self.user, self.place = root, {"PATH": os.environ["PATH"]}, "root", "/"
        self.variables["HOME"] = "/tmp"

    def build(self, steps):
        for word, rest in steps:
            match word:
                case "FROM":
                    assert re.fullmatch(rf"python:3\.11-slim-{BASE[0]}", rest)
                case "WORKDIR":
                    self.place = rest
                    self.path(rest).mkdir(mode=0o755, parents=True, exist_ok=True)
                    self.path(rest).chmod(0o755)  # whatever the mask of this process
                case "COPY":
                    self._copy(*rest.split())
                case "ENV":
                    self.variables |= dict(pair.split("=", 1) for pair in shlex.split(rest))
                case "RUN":
                    # What an engine fetches from the network was fetched before (`wheels`).
                    alone = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "/wheels", "PIP_BREAK_SYSTEM_PACKAGES": "1"}
                    self.run("/bin/sh", "-ec", rest, **alone)
                case "USER":
                    self.user = rest
                case "EXPOSE" | "CMD":
                    pass
                case _:
                    pytest.fail(f"{word} is not known here")

    def path(self, inside):
        return (
            self.root / self.place.lstrip("/") / inside.lstrip("/")
            if not inside.startswith("/")
            else self.root / inside[1:]
        )

    def _copy(self, *names):
        *sources, target = names
        for source in map(ROOT.joinpath, sources):
            place = self.path(target)
            place = place / source.name if target.endswith("/") else place
            place.parent.mkdir(parents=True, exist_ok=True)
            place.parent.chmod(0o755)
            if source.is_dir():
                shutil.copytree(source, place, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, place)

    def command(self, *words, **variables):
        told = [f"{name}={value}" for name, value in (self.variables | variables).items()]
        inside = ["/bin/sh", "-c", f'umask 022 && cd {self.place} && exec "$@"', "-"]
        return ["chroot", f"--userspec={self.user}", self.root, "/usr/bin/env", "-i", *told, *inside, *words]

    def run(self, *words, **variables):
        done = subprocess.run(self.command(*words, **variables), capture_output=True, text=True)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
        return done.stdout

    @contextmanager
    def running(self, *words, **variables):
        process = subprocess.Popen(self.command(*words, **variables), start_new_session=True)
        try:
            yield process
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(PATIENCE)


def steps():
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    return re.findall(r"^([A-Z]+) (.+)$", text, re.MULTILINE)


@pytest.fixture(scope="module")
def wheels(tmp_path_factory):
    """The locked packages, for the Python of the image."""
    folder = tmp_path_factory.mktemp("wheels")
    one = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes", "--dest", folder]
    kind = ["--python-version", "3.11", "--only-binary=:all:"]
    subprocess.run([*one, *kind, "-r", ROOT / "requirements" / "run.lock"], check=True)
    return folder


@pytest.fixture(scope="module")
def image(wheels, tmp_path_factory):
    root = tmp_path_factory.mktemp("image") / "root"
    suite, packages = BASE
    # Nothing of the machine is mounted while it is made: cut short, it leaves the machine's own devices alone.
    bare = ["mmdebstrap", "--quiet", "--variant=minbase", "--skip=chroot/mount", f"--include={packages}", suite, root]
    subprocess.run(bare, check=True, timeout=1200)
    mounts = [(["--bind", wheels], "wheels"), (["-t", "proc", "proc"], "proc")]
    try:
        for what, where in mounts:
            (root / where).mkdir(exist_ok=True)
            subprocess.run(["mount", *what, root / where], check=True)
        made = Image(root)
        made.build(steps())
        yield made
    finally:
        for _what, where in mounts:
            subprocess.run(["umount", "--lazy", root / where], check=False)


@pytest.fixture
def read_only(image):
    """As `read_only: true` and the volumes of docker-compose."""
    sealed = [["--rbind", image.root, image.root], ["-o", "remount,bind,ro", image.root]]
    rooms = [["-t", "tmpfs", "-o", mode, "tmpfs", image.root / name] for name, mode in ROOMS.items()]
    for words in [*sealed, *rooms]:
        subprocess.run(["mount", *words], check=True)
    yield image
    for name in (*ROOMS, ""):
        subprocess.run(["umount", "--lazy", image.root / name], check=False)


ROOMS = {"tmp": "mode=1777", "data": "mode=0700,uid=10001", "keys": "mode=0700,uid=10001"}


def test_image_is_prepared_serves_and_works(read_only):
    port = free_port()
    own = {
        "DATABASE_URL": database_url(),
        "REDIS_URL": os.environ["REDIS_URL"],
        "SECRET_KEY": "k" * 64,
        "SITE_URL": f"http://127.0.0.1:{port}",
        "ALLOWED_HOSTS": "127.0.0.1",
        "AROBASE_KEYS": "/keys",
        "WEB_PROCESSES": "2",
    }
    serve = [word.replace("0.0.0.0:8000", f"127.0.0.1:{port}") for word in served()]

    read_only.run("python", "manage.py", "prepare", **own)
    with (
        read_only.running(*serve, **own) as web,
        read_only.running("python", "manage.py", "work", "mail", **own) as work,
    ):
        wait(lambda: web.poll() is not None or answers(port, "/sante/"), seconds=PATIENCE, every=0.2)
        assert [answers(port, path) for path in ("/", "/annuaire/", "/sante/vivant/")] == [True] * 3
        assert (web.poll(), work.poll()) == (None, None)
        assert read_only.run("id", "--user").strip() == "10001"
        assert (
            "Read-only"
            in subprocess.run(read_only.command("touch", "/app/written"), capture_output=True, text=True).stderr
        )


def served():
    [command] = [rest for word, rest in steps() if word == "CMD"]
    return re.findall(r'"([^"]+)"', command)


def answers(port, path):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
            return answer.status == 200
    except OSError:
        return False

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("numpy", "scipy", "reportlab", "pyhanko", "PIL", "fontTools", "pyld")
PROGRAM = f"""
import sys
import label.wsgi
from django.urls import get_resolver
get_resolver().url_patterns
from django.test import Client
Client().get("/accessibilite/", headers={{"host": "localhost"}})
print([name for name in {HEAVY!r} if name in sys.modules])
"""


def test_web_process_loads_no_heavy_library(tmp_path):
    # A database of its own, where the page finds its tables. DEBUG spares the collected static files.
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    environment |= {"DEBUG": "1", "AROBASE_DATA": str(tmp_path)}
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], env=environment, cwd=ROOT, check=True)
    done = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, cwd=ROOT, capture_output=True, text=True)

    assert done.stdout.strip().splitlines()[-1:] == ["[]"], done.stderr[-2000:]

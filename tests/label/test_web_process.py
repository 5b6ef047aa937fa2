import os
import subprocess
import sys

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


def test_web_process_loads_no_heavy_library():
    # DEBUG spares the collected static files.
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=os.environ | {"DEBUG": "1"}, capture_output=True, text=True
    )

    assert done.stdout.strip().splitlines()[-1:] == ["[]"], done.stderr[-2000:]

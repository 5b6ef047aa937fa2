"""The door of an antivirus: a program of the operator's, which reads a file on its standard input. None by default.

It ends with 0 for a clean file and 1 for an infected one, as `clamdscan -` does; anything else is no verdict, and a
file without a verdict is not taken."""

import logging
import os
import shlex
import subprocess

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.refusals import Refused

CLEAN, INFECTED = 0, 1
log = logging.getLogger(__name__)


def check(content: bytes) -> None:
    """Raises Refused for an infected file, and when the program gives no verdict in time. Hold no lock meanwhile."""
    if not settings.SCAN_COMMAND:
        return
    # No secret of this process reaches the other one.
    environment = {"PATH": os.environ.get("PATH", os.defpath)}
    try:
        done = subprocess.run(  # noqa: S603 -- the operator's own command, without a shell
            shlex.split(settings.SCAN_COMMAND),
            input=content,
            capture_output=True,
            timeout=settings.SCAN_SECONDS,
            env=environment,
        )
        verdict = done.returncode
        said = (done.stderr or done.stdout).decode(errors="replace").strip()[-200:]
    except (OSError, subprocess.TimeoutExpired) as error:
        verdict, said = -1, str(error)
    if verdict == INFECTED:
        raise Refused(_("L’antivirus a trouvé un programme malveillant dans ce fichier : il n’est pas gardé."))
    if verdict != CLEAN:
        log.error("The antivirus gave no verdict (%s): %s", verdict, said)
        raise Refused(_("L’antivirus ne répond pas : ce fichier n’est pas gardé. Réessayez dans quelques minutes."))

"""Every measure, one after the other."""

import os
import subprocess
import sys

from bench import assignment, papers, scoring

scoring.main()
assignment.main()
papers.main()
for servers in ("embedded", "servers"):
    # Settings are read once a process, and with them the servers.
    env = {**os.environ, "PAIR": servers, "DURABLE": "on"}
    subprocess.run([sys.executable, "-m", "bench.web"], check=True, env=env)
    subprocess.run([sys.executable, "-m", "bench.ideas"], check=True, env=env)
subprocess.run([sys.executable, "-m", "bench.pages"], check=True, env={**os.environ, "PAIR": "servers"})

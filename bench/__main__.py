"""Every measure, one after the other; `--quick`: what does not depend on the machine, in two minutes."""

import os
import subprocess
import sys

from bench import assignment, papers, scoring


def run(module: str, servers: str, *options: str) -> None:
    # Settings are read once a process, and with them the servers.
    env = {**os.environ, "PAIR": servers, "DURABLE": "on"}
    done = subprocess.run([sys.executable, "-m", f"bench.{module}", *options], check=False, env=env)  # noqa: S603
    if done.returncode:
        sys.exit(done.returncode)


if "--quick" in sys.argv[1:]:
    run("pages", "servers", "--quick")
else:
    scoring.main()
    assignment.main()
    papers.main()
    for servers in ("embedded", "servers"):
        run("web", servers)
        run("ideas", servers)
    run("pages", "servers")

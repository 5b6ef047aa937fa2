import html
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_commands_of_the_page_run_as_shown(client, settings, live_server, published, tmp_path):
    settings.SITE_URL = live_server.url
    page = client.get("/annuaire/01901/2027/calcul/").content.decode()
    commands = html.unescape(re.search(r"<pre[^>]*><code>(.*?)</code></pre>", page, re.DOTALL)[1])
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"

    ran = subprocess.run(
        ["sh", "-e"],
        input=commands,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={"PATH": path, "PYTHONPATH": str(ROOT), "no_proxy": "*"},
        check=True,
    )

    result = json.loads(ran.stdout)
    for name in ("framework_hash", "input_hash", "result_hash"):
        assert f"<dt><code>{name}</code></dt><dd><code>{result[name]}</code></dd>" in page
    for axis in published.document["axes"]:
        assert result["axes"][axis["id"]][0] + axis["confidential"]["earned"] == axis["earned"]


@pytest.mark.django_db
def test_page_before_the_announcement_is_not_there(client, make_file, aubaine, publish):
    make_file(aubaine)
    publish()

    assert client.get("/annuaire/01901/2027/calcul/").status_code == 404
    assert client.get("/api/v1/results/01901/2027/application.json").status_code == 404


@pytest.mark.django_db
def test_method_leads_to_a_replay(client, published):
    assert "/annuaire/01901/2027/calcul/" in client.get("/methode/").content.decode()

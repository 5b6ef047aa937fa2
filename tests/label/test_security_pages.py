import re
from datetime import datetime
from pathlib import Path

import pytest
from django.utils import timezone

ROOT = Path(__file__).parents[2]
LINKS = re.findall(r"\[([^\]]+)\]\(\.\./([^)#]+)\)", (ROOT / "docs" / "security.md").read_text())


@pytest.mark.parametrize(("name", "path"), LINKS)
def test_every_proof_that_is_named_exists(name, path):
    text = (ROOT / path).read_text()

    assert not name.startswith("test_") or name.endswith(".py") or f"def {name}(" in text


@pytest.mark.django_db
def test_security_txt_says_where_to_write_and_until_when(client):
    answer = client.get("/.well-known/security.txt")

    fields = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert fields["Contact"].startswith("mailto:")
    assert datetime.fromisoformat(fields["Expires"]) > timezone.now()
    assert fields["Preferred-Languages"] == "fr, en"

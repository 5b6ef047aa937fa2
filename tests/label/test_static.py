"""Every page is given with the static files that another release collected, even when it has none of today's."""

import json

import pytest
from django.db import transaction
from django.templatetags.static import static

from tests.label.matrix import MATRIX

pytestmark = pytest.mark.django_db
TODAYS = "css/arobase.css"
READ = {
    name: next(role for role, status in row.get.items() if status == 200)
    for name, row in MATRIX.items()
    if 200 in row.get.values()
}


@pytest.fixture
def collected(settings, tmp_path):
    """A folder where this release finds nothing of its own."""
    manifest = {"version": "1.1", "paths": {"former.css": "former.0123456789ab.css"}, "hash": "former"}
    (tmp_path / "staticfiles.json").write_text(json.dumps(manifest))
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "label.static.Collected"}}


def test_file_that_lacks_keeps_its_name_and_is_told_once(collected, caplog):
    assert [static(TODAYS), static(TODAYS), static("former.css")] == [
        f"/static/{TODAYS}",
        f"/static/{TODAYS}",
        "/static/former.0123456789ab.css",
    ]
    assert [record.getMessage() for record in caplog.records] == [
        f"{TODAYS} is not among the static files collected: run manage.py collectstatic"
    ]


def test_file_that_no_release_has_is_a_fault(collected, caplog):
    with pytest.raises(ValueError, match="Missing staticfiles manifest entry"):
        static("never.css")
    assert caplog.records == []


@pytest.mark.trial
@pytest.mark.parametrize("name", READ)
def test_page_is_given(collected, season, visitors, name):
    address, visitor = MATRIX[name].address(name, season), visitors[READ[name]]
    with transaction.atomic():
        answer = visitor.client().get(address, headers=visitor.headers if address.startswith("/api/") else None)
        b"".join(answer)  # to its end: a file is closed
        transaction.set_rollback(True)

    assert answer.status_code == 200

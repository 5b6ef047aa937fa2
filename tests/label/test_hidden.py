"""Every address of the service, those of the API, of files and of searches included, walked by who may know nothing of
a file, or nothing of what the jury thinks of it. A new address is walked because it is in the matrix."""

import pytest
from django.urls import reverse

from assessments.models import Answer, Evidence, Initiative
from jury.models import Assignment, Decision, Review, Ruling
from outbox.models import Mail
from tests.label.matrix import MATRIX
from tests.season import BEAUPRE, THIS_YEAR, YEAR

pytestmark = [pytest.mark.trial, pytest.mark.django_db]

# What the commune wrote of this year, and what the jury did.
FILE, JURY = "plumage-du-dossier", "ramage-du-jury"
SEARCHES = ["/initiatives/?q=plumage", "/annuaire/?q=plumage", "/api/v1/initiatives/?q=plumage"]
NEVER = {"recused": (FILE, JURY), "agent": (FILE, JURY), "stranger": (JURY,)}


@pytest.fixture
def planted(season):
    """Beaupré's file of this year, with a word of the commune and a word of the jury wherever they write."""
    file = season.files[BEAUPRE]
    Initiative.objects.filter(application=file).update(title=FILE, description=FILE)
    Evidence.objects.filter(application=file).update(title=FILE)
    Answer.objects.filter(application=file).exclude(reason="").update(reason=FILE)
    reading = Review.objects.filter(assignment__application=file)
    assert reading.update(comment_to_jury=JURY, comment_to_territory=JURY)
    reader = Assignment.objects.filter(application=file)[0].juror
    Ruling.objects.create(application=file, question_id="SER-02", accepted=True, reason=JURY, by=reader)
    Decision.objects.filter(application__edition__year=YEAR).update(reasons=JURY, comment_to_territory=JURY)
    return season


def addresses(season):
    """Those of the matrix, and the same of Beaupré's file wherever a row speaks of another one's."""
    for name, row in MATRIX.items():
        yield row.address(name, season)
        args = row.args(season) if callable(row.args) else row.args
        ours = tuple(BEAUPRE if arg in THIS_YEAR else arg for arg in args)
        if ours != args:
            yield reverse(name, args=ours)
    yield from SEARCHES


def answer(visitor, address):
    headers = visitor.headers if address.startswith("/api/") else None
    response = visitor.client().get(address, headers=headers)
    return b"".join(response).decode(errors="replace")


def traces(season, visitor, words):
    told = ((address, answer(visitor, address)) for address in dict.fromkeys(addresses(season)))
    return {address for address, text in told if any(word in text for word in words)}


@pytest.mark.parametrize("who", NEVER)
def test_who_may_not_know_finds_no_trace(planted, visitors, who):
    assert traces(planted, visitors[who], NEVER[who]) == set()


def test_who_may_know_finds_both(planted, visitors):
    page = answer(visitors["chair"], f"/jury/{BEAUPRE}/{YEAR}/")
    assert (FILE in page, JURY in page) == (True, True)


def test_no_mail_names_the_file_to_the_recused_nor_says_a_word_of_the_jury(planted):
    assert not Mail.objects.filter(text__contains=JURY).exists()
    to_recused = Mail.objects.filter(to=planted.people["recused"].email)
    assert to_recused.exists()
    assert not to_recused.filter(text__contains="Beaupré").exists()

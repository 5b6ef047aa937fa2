import csv
import io
from datetime import timedelta

import pikepdf
import pytest

from assessments.enums import State
from assessments.models import Application, Edition
from outbox import jobs
from outbox.doors import files
from outbox.models import Job
from results.models import Certificate, PublishedResult
from season.models import Attendance, PrintFile

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PAGE = "/organisation/editions/2027/ceremonie/"


def text(answer):
    return answer.content.decode()


def paper(pages):
    buffer = io.BytesIO()
    with pikepdf.new() as document:
        for _page in range(pages):
            document.add_blank_page()
        document.save(buffer)
    return files.store(buffer.getvalue(), content_type="application/pdf")


@pytest.fixture
def edition(framework, now):
    dates = {"opens_at": now - 60 * DAY, "closes_at": now - 30 * DAY, "results_at": now + 9 * DAY}
    return Edition.objects.create(year=2027, framework=framework, published_at=now, **dates)


@pytest.fixture
def results(edition, aubaine, beaupre, agent, now):
    for number, territory in enumerate((aubaine, beaupre), start=1):
        file = Application.objects.create(
            edition=edition,
            territory=territory,
            framework=edition.framework,
            state=State.PUBLISHED,
            submitted_at=now,
            submitted_by=agent,
        )
        result = PublishedResult.objects.create(
            edition=edition,
            territory=territory,
            application=file,
            level=number + 1,
            overall_sort=0,
            document={},
            decided_on=now.date(),
            published_at=now,
        )
        Certificate.objects.create(result=result, number=f"2027-{number}", file=paper(number), made_at=now)
    return edition


@pytest.fixture
def page(organiser, sign_in):
    return sign_in(organiser)


def test_nothing_before_the_publication(page, edition):
    Edition.objects.update(published_at=None)

    assert "dès que l’édition est publiée" in text(page.get(PAGE))
    assert page.post(f"{PAGE}attestations.pdf").status_code == 409


def test_who_comes_is_kept(page, results):
    data = {"people-01901": "3", "names-01901": "La maire et deux agents", "people-01902": "beaucoup"}

    answer = text(page.post(PAGE, data, follow=True))

    assert "3 personnes sont attendues" in answer
    row = Attendance.objects.get()
    assert (row.territory.code, row.people, row.names) == ("01901", 3, "La maire et deux agents")


def test_signs_are_listed(page, results):
    page.post(PAGE, {"people-01901": "3"})

    rows = list(csv.DictReader(io.StringIO(page.get(f"{PAGE}panneaux.csv").content.decode("utf-8-sig")), delimiter=";"))

    assert [(row["Code"], row["Niveau"], row["Présents à la cérémonie"]) for row in rows] == [
        ("01901", "2", "3"),
        ("01902", "3", "0"),
    ]


def test_certificates_are_bound_in_one_file(page, results):
    assert page.get(f"{PAGE}attestations.pdf").status_code == 404
    page.post(f"{PAGE}attestations.pdf")
    assert page.post(f"{PAGE}attestations.pdf").status_code == 409
    jobs.run(Job.objects.get(kind="ceremony.print").pk)

    content = b"".join(page.get(f"{PAGE}attestations.pdf"))

    with pikepdf.open(io.BytesIO(content)) as bound:
        assert len(bound.pages) == 3
    assert PrintFile.objects.get().file


def test_a_withdrawn_result_is_at_no_ceremony(page, results, organiser, now):
    PublishedResult.objects.filter(territory__code="01901").update(withdrawn_at=now, withdrawn_reason="demande")

    assert "Aubaine" not in text(page.get(PAGE))

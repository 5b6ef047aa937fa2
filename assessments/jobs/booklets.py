"""The whole questionnaire, as PDF to read and as XLSX to fill in, for anyone: made by the worker once a framework."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy

from assessments import wording
from assessments.doors import spreadsheets
from assessments.models import Framework
from documents import workbook
from instance import queries as instance
from outbox import jobs
from outbox.doors import files
from outbox.models import Job, Queue
from scoring import parts

if TYPE_CHECKING:
    from documents.booklet import BookletData


@jobs.kind(
    "booklet.make",
    key="booklet:{hash}",
    queue=Queue.PAPERS,
    words=gettext_lazy("Questionnaire à télécharger"),
)
def make(job: Job) -> None:
    """Both files. The same bytes each time, so that a second attempt stores nothing new."""
    from documents.booklet import render  # noqa: PLC0415 -- ReportLab stays out of web processes

    row = Framework.objects.get(pk=job.payload["framework"])
    pdf = files.store(render(data(row)), content_type="application/pdf")
    book = files.store(spreadsheets.blank(row.parsed), content_type=workbook.CONTENT_TYPE)
    with jobs.finish(job):
        Framework.objects.filter(pk=row.pk).update(pdf=pdf, workbook=book)


def data(row: Framework) -> "BookletData":
    from documents.booklet import BookletData, Item, Part  # noqa: PLC0415 -- see `make`

    framework = row.parsed
    return BookletData(
        title=framework.title["fr"],
        year=framework.edition,
        context=tuple(wording.asked(framework, name) for name in framework.context),
        parts=tuple(
            Part(
                part.title,
                tuple(Item(**wording.on_paper(framework, question)._asdict()) for question in part.questions),
            )
            for part in parts.parts(framework)
        ),
        framework_hash=row.hash,
        loaded_at=row.loaded_at,
        label_name=instance.current().name,
        organiser_name=instance.current().organiser,
    )

"""The whole questionnaire, as PDF to read and as XLSX to fill in, for anyone: made by the worker once a framework."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments import wording
from assessments.doors import frameworks, spreadsheets
from assessments.models import Framework
from assessments.rules import parts
from documents import workbook
from instance import queries as instance
from outbox import jobs
from outbox.doors import files
from outbox.models import Job, Queue
from scoring.model import MULTIPLE, NUMBER, Question

if TYPE_CHECKING:
    from documents.booklet import BookletData, Item


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
    book = files.store(spreadsheets.blank(frameworks.of(row)), content_type=workbook.CONTENT_TYPE)
    with jobs.finish(job):
        Framework.objects.filter(pk=row.pk).update(pdf=pdf, workbook=book)


def data(row: Framework) -> "BookletData":
    from documents.booklet import BookletData, Part  # noqa: PLC0415 -- see `make`

    framework = frameworks.of(row)
    return BookletData(
        title=framework.title["fr"],
        year=framework.edition,
        context=tuple(wording.asked(framework, name) for name in framework.context),
        parts=tuple(
            Part(
                part.title,
                tuple(_item(question, framework.axis_by_id[question.axis].title["fr"]) for question in part.questions),
            )
            for part in parts.parts(framework)
        ),
        framework_hash=row.hash,
        loaded_at=row.loaded_at,
        label_name=instance.current().name,
        organiser_name=instance.current().organiser,
    )


def _item(question: Question, axis: str) -> "Item":
    from documents.booklet import Item  # noqa: PLC0415 -- see `make`

    choices = tuple(label for _value, label in wording.values(question))
    return Item(
        code=question.id,
        text=question.text["fr"],
        about=" · ".join([axis, wording.nature(question), *_conditions(question)]),
        help=question.help["fr"] if question.help else "",
        proof=question.evidence_hint["fr"] if question.evidence_hint else "",
        choices=choices,
        several=question.kind == MULTIPLE,
        unit=(question.unit["fr"] if question.unit else _("nombre")) if question.kind == NUMBER else "",
    )


def _conditions(question: Question) -> list[str]:
    said = [_("jamais publiée")] if question.confidential else []
    if question.rule:
        said.append(_("à remplir si %(rule)s") % {"rule": wording.rule(question)})
    return said

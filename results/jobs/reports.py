"""The job that makes an evaluation report: what was decided, told to the territory in full."""

import json
from collections.abc import Iterable, Mapping
from fractions import Fraction

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments import wording
from assessments.doors import scorecards
from assessments.enums import Basis
from assessments.jobs import plans
from assessments.jobs.benchmarks import Comparison, comparison
from assessments.models import Application, Benchmark, Edition
from assessments.pages import tracing
from documents import evaluation
from documents.evaluation import Comment, Line, ReportData, Share, Step
from documents.french import in_full
from instance import queries as instance
from jury.models import AppealState, Decision, Review
from jury.queries import decision_of
from outbox import jobs
from outbox.doors import files
from outbox.models import Job, Queue, Rank
from results.jobs import certificates
from results.models import PublishedResult, Report
from results.rules.strengths import Part, strengths
from results.wording import ratio
from scoring.credits import FULL
from scoring.display import percentage
from scoring.engine import Result
from scoring.model import Framework
from scoring.moves import Improvement


def ask(result: PublishedResult) -> Report:
    """Have the report of a result made; asking again changes nothing. It takes half a second of a worker, ten times a
    certificate: those come first, then credentials."""
    report, _created = Report.objects.get_or_create(result=result)
    make.schedule(report=report.pk)
    return report


def ask_all(edition: Edition) -> Job:
    return ask_each.schedule(edition=edition.pk)


@jobs.kind(
    "edition.reports",
    key="reports:{edition}",
    queue=Queue.PAPERS,
    rank=Rank.LAST,
    words=gettext_lazy("Rapports d’une édition"),
)
def ask_each(job: Job) -> None:
    """Have the report of every result of an edition made, once it is known where each stands. Payload: `edition`."""
    results = PublishedResult.objects.filter(edition=job.payload["edition"], replaced_at=None, report=None)
    # A short transaction each: on SQLite nobody else writes meanwhile.
    for result in list(results.only("pk").order_by("pk")):
        with transaction.atomic():
            ask(result)
    with jobs.finish(job):
        return


@jobs.kind(
    "report.make",
    key="report:{report}",
    queue=Queue.PAPERS,
    rank=Rank.LAST,
    words=gettext_lazy("Rapport d’évaluation"),
)
def make(job: Job) -> None:
    """Write, draw and seal a report that has none. Payload: `report`. As for a certificate, two seals differ."""
    from assessments.doors import seals  # noqa: PLC0415 -- pyHanko too
    from documents.report import render  # noqa: PLC0415 -- ReportLab stays out of web

    report = Report.objects.select_related("result__certificate", "result__application__framework").get(
        pk=job.payload["report"]
    )
    sealed = None
    if report.file_id is None:
        said, certificate = data(report.result), report.result.certificate
        address, reason = certificates.address(certificate), _("Rapport d’évaluation %(number)s")
        sealed = seals.apply(render(said), address=address, reason=reason % {"number": certificate.number})
        files.put(sealed.pdf)
    with jobs.finish(job):
        if sealed:
            stored = files.store(sealed.pdf, content_type="application/pdf", was_put=True)
            unmade = Report.objects.filter(pk=report.pk, file=None)
            unmade.update(content=evaluation.as_document(said), file=stored, made_at=timezone.now())


def file_name(result: PublishedResult) -> str:
    return f"rapport-{result.document['territory']['code']}-{result.document['year']}.pdf"


def replay_file(application: Application) -> bytes:
    """The file as it was examined: what `python -m scoring score` takes to find the same result again."""
    inputs = json.loads(decision_of(application).scorecard.inputs)
    return json.dumps(inputs, ensure_ascii=False, indent=2).encode()


def data(result: PublishedResult) -> ReportData:
    """Everything that the report says, from the frozen scorecard, the published copy and what the jury wrote."""
    application, document = result.application, result.document
    decision = decision_of(application)
    inputs = json.loads(decision.scorecard.inputs)
    scored = scorecards.score(application, inputs)
    issues = [Part(issue.id, issue.title["fr"], *scored.issues[issue.id]) for issue in scored.framework.issues]
    level, note, steps = _plan(result, scored)
    compared = _comparison(result, scored.framework)
    medians = {each.title: each.quartiles[1] for each in (*compared.axes, *compared.issues)} if compared else {}
    return ReportData(
        territory_name=in_full(document["territory"]["name"]),
        kind=document["territory"]["kind"],
        year=document["year"],
        level=result.level,
        decided_on=result.decided_on,
        reasons=_reasons(result),
        overall=wording.percent(scored.overall),
        axes=tuple(_share(axis.title["fr"], scored.axes[axis.id], medians) for axis in scored.framework.axes),
        issues=tuple(_share(issue.title, (issue.earned, issue.possible), medians) for issue in issues),
        obligations=scored.obligations,
        answered=scored.answered,
        initiatives=tuple(_initiatives(scored)),
        peers=compared.group if compared and medians else "",
        strengths=tuple(_strength(issue) for issue in strengths(issues)),
        plan_level=level,
        plan_note=note,
        plan=steps,
        comments=tuple(_comments(application, decision)),
        trace=tuple(_trace(scored)),
        input_hash=decision.scorecard.input_hash,
        framework_hash=decision.scorecard.framework_hash,
        verify_url=certificates.address(result.certificate) if result.level else f"{settings.SITE_URL}/verifier/",
        label_name=instance.current().full_name,
        organiser_name=instance.current().organiser,
        simulated=result.simulated,
    )


def _reasons(result: PublishedResult) -> str:
    levels = result.document["level"]
    if levels["granted"] == levels["examined"]:
        return _("Le jury confirme le niveau calculé. %(reasons)s") % {"reasons": result.document["reasons"]}
    told = _("Le calcul donne %(examined)s sur 5, le jury accorde %(granted)s sur 5.") % levels
    return f"{told} {result.document['reasons']}"


def _comparison(result: PublishedResult, framework: Framework) -> Comparison | None:
    """With what the peers have published. There, an issue leaves its confidential questions out: those are not compared
    with the full points of this report."""
    found = Benchmark.objects.filter(application=result.application_id, basis=Basis.PUBLISHED).first()
    partly_hidden = {question.issue for question in framework.questions if question.confidential}
    return comparison(
        found.document if found else None,
        axes={axis.id: axis.title["fr"] for axis in framework.axes},
        issues={issue.id: issue.title["fr"] for issue in framework.issues if issue.id not in partly_hidden},
    )


def _share(name: str, sums: tuple[int, int], medians: Mapping[str, Fraction]) -> Share:
    share, median = percentage(ratio(*sums)), percentage(medians.get(name))
    points = _("%(earned)s sur %(possible)s") % {
        "earned": wording.points(sums[0]),
        "possible": wording.points(sums[1]),
    }
    return Share(name, None if share is None else float(share), points, peers=None if median is None else float(median))


def _initiatives(scored: Result) -> Iterable[Share]:
    """What initiatives earn on each axis that counts some."""
    for axis in scored.framework.axes:
        lines = [line for line in scored.lines if line.question.axis == axis.id and not line.question.takes_answer]
        earned, possible = sum(line.earned for line in lines), sum(line.possible for line in lines)
        if possible:
            yield _share(axis.title["fr"], (earned, possible), {})


def _strength(issue: Part) -> str:
    return _("%(issue)s : %(share)s des points") % {"issue": issue.title, "share": wording.percent(issue.share)}


def _plan(result: PublishedResult, scored: Result) -> tuple[int, str, tuple[Step, ...]]:
    """Where it leads, what to know of it, its steps. The calculated level may be the granted one's neighbour."""
    highest = scored.framework.levels[-1].level
    if result.level == highest and scored.level == highest:
        return highest, _("Vous avez atteint le plus haut niveau : l’enjeu est de le garder."), ()
    if scored.level is not None and scored.level > result.level:
        note = _("Le calcul donne déjà ce niveau : ce sont les raisons du jury, plus haut, qui disent ce qui manque.")
        return scored.level, note, ()
    found = plans.find(result.application, scored)
    if found is None or found.result is None:
        return result.level + 1, _("Aucun chemin n’a été trouvé avec les questions de cette édition."), ()
    if found.level == result.level:
        note = _("Le jury vous a accordé ce niveau. Voici ce qui l’assoirait aussi par le calcul.")
    else:
        note = _("Voici le chemin qui demande le moins d’efforts d’après vos réponses. D’autres existent.")
    confirmed = _("Ces changements, et eux seuls, donnent %(overall)s au calcul.") % {
        "overall": wording.percent(found.result.overall)
    }
    return found.level, f"{note} {confirmed}", tuple(_step(scored, each) for each in found.improvements)


def _step(scored: Result, improvement: Improvement) -> Step:
    question, questions = improvement.question, scored.framework.question_by_id
    gained = sum(questions[name].points * (after - before) for name, (before, after) in improvement.credits.items())
    if question.takes_answer:
        answer = wording.value(question, improvement.answer["value"])
        if improvement.answer.get("evidence") and question.unproven_credit < FULL:
            answer = _("%(answer)s, avec une preuve") % {"answer": answer}
    else:
        answer = wording.value(question, improvement.answer)
    effort = wording.effort(improvement.cost)
    return Step(f"{question.id} {question.text['fr']}", answer, effort, _points(gained))


def _points(hundredths: int) -> str:
    shown = wording.points(hundredths)
    return ngettext("+ %(n)s point", "+ %(n)s points", hundredths // 100) % {"n": shown}


def _comments(application: Application, decision: Decision) -> Iterable[Comment]:
    """The jury speaks as one: who read is not told."""
    if decision.comment_to_territory:
        yield Comment(_("Le jury"), decision.comment_to_territory)
    for number, review in enumerate(_reviews(application), start=1):
        yield Comment(_("Lecture %(n)s du jury") % {"n": number}, review.comment_to_territory)


def _reviews(application: Application) -> QuerySet[Review]:
    """What was handed in; for an appeal, once it is answered."""
    rows = Review.objects.filter(assignment__application=application, submitted_at__isnull=False)
    rows = rows.exclude(assignment__appeal__state=AppealState.FILED)
    return rows.exclude(comment_to_territory="").order_by("submitted_at", "pk")


def _trace(scored: Result) -> Iterable[Line]:
    for line in scored.lines:
        question = line.question
        reasons = [tracing.rule(scored, line), tracing.proof(line)]
        yield Line(
            question=f"{question.id} {question.text['fr']}",
            answer=wording.answer(question, line.answer) if line.applies else "–",
            points=f"{wording.points(line.earned)} / {wording.points(line.possible)}" if line.possible else "–",
            reason=". ".join(reason for reason in reasons if reason),
        )

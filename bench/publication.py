"""The publication of a whole edition, files included, by the worker of the embedded default: how long, how much memory.

`python -m bench.publication [FILES]` (1,500). A few files are written, read and decided as in the demonstration, then
copied onto other communes: what is measured begins with the organiser's click. Results, seals and reports are real."""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.processes import memory, spent

DECIDED, FILES = 20, 1500
LIMIT = 3600  # seconds
PEAK = 300  # MiB


def main(count: int = FILES) -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"AROBASE_DATA": folder, "AROBASE_DEMO": "1", "DJANGO_SETTINGS_MODULE": "label.settings"}
        import django

        django.setup()
        _build(count)
        _measure(count, Path(folder))


def _build(count: int) -> None:
    from django.core.management import call_command
    from django.utils import timezone

    from jury.models import Juror
    from label.demo import files, people, readings, season
    from territories.actions import load_france

    call_command("migrate", verbosity=0)
    load_france()
    people.make()
    year = season.LAST_YEAR
    season._open(year, first_run=timezone.now())
    plans = season.plans(year)[:DECIDED]
    edition = _edition()
    for plan in plans:
        files.write(plan, edition)
    organiser, now = people.person(people.ORGANISER), season._time_of_jury(edition)
    readings.share_out(edition, by=organiser, now=now)
    chair = Juror.objects.select_related("user", "panel").get(panel__edition=edition, is_chair=True)
    for plan in plans:
        application = season._application(edition, plan.territory)
        readings.examine(plan, application, chair=chair, organiser=organiser, now=now)
    _copy_onto_others(count)


def _edition():
    from assessments.models import Edition

    return Edition.objects.select_related("framework").get()


def _copy_onto_others(count: int) -> None:
    """Decided files again, for communes that have none: the same answers, proofs, initiatives and decision."""
    from assessments.enums import State
    from assessments.models import Answer, Application, Evidence, EvidenceUse, Initiative, Scorecard
    from jury.models import Decision
    from territories.models import Kind, Territory

    models = list(Application.objects.filter(state=State.DECIDED).order_by("pk"))
    taken = Application.objects.values("territory")
    others = Territory.objects.filter(kind=Kind.COMMUNE, population__gt=0).exclude(pk__in=taken).order_by("code")
    for number, territory in enumerate(others[: count - len(models)]):
        source = models[number % len(models)]
        copy = Application.objects.get(pk=source.pk)
        copy.pk, copy.territory = None, territory
        copy.save()
        for model in (Answer, Scorecard):
            _copied(model.objects.filter(application=source), copy)
        cards = dict(zip(source.scorecards.order_by("pk"), copy.scorecards.order_by("pk"), strict=True))
        initiatives = dict(
            zip(_pks(Initiative, source), _copied(Initiative.objects.filter(application=source), copy), strict=True)
        )
        evidence = dict(
            zip(_pks(Evidence, source), _copied(Evidence.objects.filter(application=source), copy), strict=True)
        )
        uses = list(EvidenceUse.objects.filter(evidence__application=source))
        for use in uses:
            use.evidence_id = evidence[use.evidence_id].pk
            use.initiative_id = use.initiative_id and initiatives[use.initiative_id].pk
            use.pk = None
        EvidenceUse.objects.bulk_create(uses)
        decision = Decision.objects.get(application=source)
        decision.pk, decision.application, decision.scorecard = None, copy, cards[decision.scorecard]
        decision.save()
    Application.objects.exclude(state=State.DECIDED).delete()


def _pks(model, application) -> list[int]:
    return list(model.objects.filter(application=application).order_by("pk").values_list("pk", flat=True))


def _copied(rows, application):
    made = list(rows.order_by("pk"))
    for row in made:
        row.pk, row.application = None, application
    return type(made[0]).objects.bulk_create(made) if made else []


def _measure(count: int, folder: Path) -> None:
    from django.db.models import Sum
    from django.utils import timezone

    from assessments.models import Application
    from label.demo import people
    from outbox.models import Job, JobState, StoredFile
    from results import actions
    from results.models import Certificate, PublishedResult, Report

    Job.objects.filter(state=JobState.TODO).update(state=JobState.DONE, finished_at=timezone.now())
    assert Application.objects.count() == count, Application.objects.count()
    with _worker(folder) as worker:
        start = time.monotonic()
        by, why = people.person(people.ORGANISER), "Mesure : ce jury simulé n’a pas tenu de procès-verbal."
        actions.publish(edition=_edition(), by=by, unsigned=why, now=timezone.now())
        stages = {
            "results frozen": lambda: PublishedResult.objects.count(),
            "certificates sealed": lambda: Certificate.objects.exclude(file=None).count(),
            "evaluation reports": lambda: Report.objects.exclude(file=None).count(),
        }
        together: dict[int, int] = {}
        peaks: dict[int, int] = {}
        while stages and time.monotonic() - start < LIMIT:
            time.sleep(0.5)
            for number, used in (now := memory(worker)).items():
                peaks[number] = max(used, peaks.get(number, 0))
            for name, made in [*stages.items()]:
                done = made()
                if name == "certificates sealed":
                    for mark in (100, 500, 1500):
                        if done >= mark:
                            together.setdefault(mark, sum(now.values()))
                if done == count:
                    clock, work = time.monotonic() - start, spent(worker)
                    each = f"{1000 * clock / count:.0f} ms and {1000 * work / count:.0f} ms each"
                    print(
                        f"{count} {name}: {clock:.0f} s after the click, {work:.0f} s of processor, {each}", flush=True
                    )
                    del stages[name]
        dead = Job.objects.filter(state=JobState.DEAD).count()
        size = StoredFile.objects.aggregate(Sum("size"))["size__sum"] or 0
        told = ", ".join(f"{used} MiB after {mark}" for mark, used in together.items())
        print(f"memory of the worker's processes (PSS), together, by certificates: {told}")
        print(f"peak of each process: {sorted(peaks.values())} MiB (aim ≤ {PEAK})")
        print(f"files: {StoredFile.objects.count()}, {size // 10**6} MB; dead letters: {dead}; unfinished: {[*stages]}")


@contextmanager
def _worker(folder: Path) -> Iterator[int]:
    import signal
    import subprocess

    from django.conf import settings

    from label.supervisor import worker_command

    with (folder / "worker.log").open("wb") as log:
        process = subprocess.Popen(
            [*worker_command(*settings.WORKERS), "--beat"], stdout=log, stderr=log, start_new_session=True
        )
        try:
            yield process.pid
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))

"""What the organiser looks up: who sits, who reads what, who is recused; never what the jury thinks."""

from typing import Any

from django.db.models import Count, F, OuterRef, Prefetch, QuerySet

from accounts.models import User
from assessments.models import Application, Edition
from assessments.queries import applications
from jury import visibility
from jury.models import Appeal, Interest, Juror, Panel, PanelFigures, Proposal, Recusal
from jury.queries import count, live_assignments

PAGE = 50


def panel_rows(edition: Edition) -> QuerySet[Juror]:
    """Everyone who sits or sat, with how many interests and recusals they have."""
    return (
        Juror.objects.filter(panel__edition=edition)
        .select_related("user")
        .annotate(
            interest_count=Count("interests", distinct=True),
            recusal_count=Count("recusals", distinct=True),
        )
        .order_by(F("left_at").asc(nulls_first=True), "-is_chair", "joined_at", "pk")
    )


def not_hidden_from(user: User, *, edition: int, files: QuerySet[Application]) -> QuerySet[Application]:
    """An organiser who also sits on the panel is recused like any juror, wherever the file would show."""
    juror = Juror.objects.filter(user=user, panel__edition=edition).first()
    return files if juror is None else files.exclude(visibility.files_hidden_from(juror))


def register_of(juror: Juror, *, seen_by: User) -> QuerySet[Recusal]:
    files = not_hidden_from(seen_by, edition=juror.panel.edition_id, files=Application.objects.all())
    rows = Recusal.objects.filter(juror=juror, application__in=files.values("pk"))
    return rows.select_related("application__territory").order_by("at", "pk")


def register(panel: Panel, *, seen_by: User) -> QuerySet[Recusal]:
    """Every recusal of the panel, by file; who is recused from a file does not read its lines."""
    files = not_hidden_from(seen_by, edition=panel.edition_id, files=Application.objects.all())
    rows = Recusal.objects.filter(juror__panel=panel, application__in=files.values("pk"))
    return rows.select_related("juror__user", "application__territory__department").order_by(
        "application__territory__sort_key", "at", "pk"
    )


def declared(panel: Panel) -> QuerySet[Interest]:
    """Every interest declared on the panel, by juror."""
    rows = Interest.objects.filter(juror__panel=panel).select_related("juror__user", "territory", "followed")
    return rows.order_by("juror__joined_at", "juror", "territory__sort_key")


def moved(juror: Juror) -> int:
    """How many interests of the panel a change of territory moved: each may recuse somebody from a file given out."""
    return Interest.objects.filter(juror__panel=juror.panel_id, juror__left_at=None, followed__isnull=False).count()


def organised_files(panel: Panel, *, seen_by: User) -> QuerySet[Application]:
    """The files of the edition that the jury receives."""
    files = applications().filter(edition=panel.edition_id, state__in=visibility.PRESIDED)
    return not_hidden_from(seen_by, edition=panel.edition_id, files=files)


def appeals(edition: Edition, *, seen_by: User) -> QuerySet[Appeal]:
    """The unanswered first; none of a file from which this person is recused."""
    files = not_hidden_from(seen_by, edition=edition.pk, files=Application.objects.filter(edition=edition))
    rows = Appeal.objects.filter(application__in=files.values("pk"))
    rows = rows.select_related("application__territory__department", "filed_by")
    return rows.order_by(F("answered_at").asc(nulls_first=True), "filed_at")


def files_to_assign(panel: Panel, *, seen_by: User, page: int) -> tuple[list[Any], bool]:
    """A page of files, those that lack readers first, and whether another one follows. `given` are their readers."""
    given = Prefetch("assignments", live_assignments().select_related("juror__user", "review").order_by("pk"), "given")
    readers = count(live_assignments().filter(application=OuterRef("pk")), by="application")
    files = organised_files(panel, seen_by=seen_by).alias(readers=readers)
    first = (page - 1) * PAGE
    rows = list(
        files.order_by("readers", "territory__sort_key", "pk").prefetch_related(given)[first : first + PAGE + 1]
    )
    return rows[:PAGE], len(rows) > PAGE


def workload(panel: Panel) -> list[Juror]:
    """Those who sit, each with `given` files and `handed_in` readings."""
    live = live_assignments().filter(juror=OuterRef("pk"), application__state__in=visibility.READ)
    rows = Juror.objects.filter(panel=panel, left_at=None).select_related("user")
    return list(
        rows.annotate(
            given=count(live, by="juror"),
            handed_in=count(live.filter(review__submitted_at__isnull=False), by="juror"),
        ).order_by("-is_chair", "joined_at", "pk")
    )


def may_be_assigned(application: Application) -> QuerySet[Juror]:
    """Who sits, is not recused, and does not read the file yet."""
    panel = Juror.objects.filter(panel__edition=application.edition_id, left_at=None, declared_at__isnull=False)
    free = panel.exclude(visibility.jurors_recused(application)).exclude(assignments__application=application)
    return free.select_related("user").order_by("-is_chair", "joined_at", "pk")


def proposed_readers(application: Application) -> list[Juror]:
    """Those to whom the proposal under way would give this file."""
    proposal = Proposal.objects.filter(panel__edition=application.edition_id).exclude(pairs__isnull=True).first()
    named = [juror for file, juror in (proposal.pairs or [] if proposal else []) if file == application.pk]
    return list(Juror.objects.filter(pk__in=named).select_related("user").order_by("joined_at", "pk"))


def with_names(figures: PanelFigures) -> list[dict[str, Any]]:
    """Of each juror, the figures that are for the chair alone."""
    names = {juror.pk: juror for juror in Juror.objects.filter(panel=figures.panel_id).select_related("user")}
    rows = (figures.content or {}).get("jurors", [])
    return [row | {"juror": names[row["juror"]]} for row in rows]

"""The life of a file: started, described, submitted, withdrawn, moved."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import audit
from accounts.models import Role, User
from accounts.permissions import check_can_sign, check_can_write
from accounts.queries import membership_of
from accounts.refusals import NotAllowed, NotNow, Refused, Stale
from accounts.rules import texts
from assessments import policies, queries
from assessments.actions.initiatives import plain
from assessments.doors import scorecards
from assessments.enums import ScorecardKind, State
from assessments.jobs import dossiers, links, receipts
from assessments.models import Application, Complement, Edition, Initiative, Scorecard
from assessments.queries import Sheet
from assessments.transitions import MOVES, NEED_REASON
from outbox import jobs
from scoring import facts, gaps
from scoring.framework import Framework
from scoring.hashing import digest
from territories.models import Territory


def start(*, edition: Edition, territory: Territory, by: User, now: datetime) -> Application:
    """The file of this territory in this edition, made at the first call: a colleague may have started it already."""
    membership = membership_of(user=by, territory=territory)
    if membership is None:
        raise NotAllowed(_("Cette collectivité ne vous est pas rattachée."))
    check_can_write(membership)
    policies.check_can_start(edition, territory, now)
    with transaction.atomic():
        application, created = Application.objects.get_or_create(
            edition=edition,
            territory=territory,
            defaults=first_fields(edition, territory, by=by, now=now),
        )
        if created:
            audit.record(by=by, verb="application.started", on=application, year=edition.year, code=territory.code)
    return application


def first_fields(edition: Edition, territory: Territory, *, by: User, now: datetime) -> dict[str, Any]:
    """What a file holds before anybody wrote in it."""
    return {
        "framework_id": edition.framework_id,
        "official_context": official_context(territory),
        "started_at": now,
        "started_by": by,
        "simulated": edition.simulated,
    }


@transaction.atomic
def hand_over(*, application: Application, to: Territory, by: User, now: datetime) -> Application:
    """The territory became part of another, in whose name its file goes on, with its official facts."""
    if Application.objects.filter(edition=application.edition_id, territory=to).exists():
        known = {"name": to.name, "year": application.edition.year}
        raise NotNow(_("%(name)s a déjà un dossier pour l’édition %(year)s.") % known)
    old = application.territory
    Application.objects.filter(pk=application.pk).update(territory=to, official_context=official_context(to))
    audit.record(by=by, verb="application.handed_over", on=application, former=old.code, code=to.code)
    application.refresh_from_db()
    return application


def official_context(territory: Territory) -> dict[str, Any]:
    """What the official list says, copied into the file. The six villages without a count have nobody."""
    return {
        "kind": str(territory.kind),
        "population": territory.population or 0,
        "department": territory.department_id,
        "region": territory.department.region_id,
        "overseas": territory.department.overseas,
    }


def context_version(application: Application) -> str:
    """What a writer of the context must have seen."""
    return digest(application.declared_context)[:16]


def set_context(*, application: Application, values: Mapping[str, Any], seen: str, by: User, now: datetime) -> None:
    """Replace the declared context. `seen` is the `context_version` that the writer started from.

    Names and types are those of the framework; a name left out has no value yet. The same values again are harmless."""
    clean = {name: value for name, value in values.items() if value is not None}
    check_context(application.framework.parsed, clean)
    with transaction.atomic():
        fresh = queries.locked(application)
        policies.check_can_change(fresh, now, context=True)
        if fresh.declared_context == clean:
            return
        if seen != context_version(fresh):
            raise Stale(_("Une autre personne vient de modifier ces informations : relisez-les avant d’enregistrer."))
        Application.objects.filter(pk=fresh.pk).update(declared_context=clean)
        audit.record(by=by, verb="application.context_set", on=fresh, before=fresh.declared_context, after=clean)
    application.declared_context = clean


def check_context(framework: Framework, values: Mapping[str, Any]) -> None:
    declared = framework.context
    for name, value in values.items():
        fits = value == facts.UNKNOWN or (name in declared and type(value) is _TYPES[declared[name]])
        if name not in declared or not fits or (isinstance(value, str) and _word(value) != value):
            raise Refused(_("« %(name)s » n’a pas une valeur permise.") % {"name": name})


_TYPES: dict[str, type] = {"boolean": bool, "integer": int, "string": str}


def _word(text: str) -> str:
    """As it is kept. Raises Refused when it is too long."""
    return texts.taken(text, most=facts.LONGEST, lines=False)


def submit(*, application: Application, by: User, now: datetime) -> Scorecard:
    """Lock the file as it stands and freeze its declared scorecard. The receipt, and the mail that carries it, follow.

    Raises NotAllowed unless `by` signs for the territory, NotNow when the state, the date or a gap forbids it."""
    with transaction.atomic():
        found = queries.file_of(user=by, code=application.territory.code, year=application.edition.year, lock=True)
        if found is None:
            raise NotAllowed(_("Cette collectivité ne vous est pas rattachée."))
        fresh, membership = found
        check_can_sign(membership)
        policies.check_can_submit(fresh, now)
        sheet = queries.sheet(fresh)
        result = scorecards.live(fresh, sheet=sheet, now=now)
        if gaps.gaps(fresh.framework.parsed, fresh.declared_context, result):
            raise NotNow(_("Il manque encore des éléments : la page de dépôt en donne la liste."))
        if fresh.complement is not None:
            Complement.objects.filter(pk=fresh.complement.pk).update(answered_by=by, answered_at=now)
            jobs.named("jury.completed").schedule(complement=fresh.complement.pk)
        _move(fresh, State.SUBMITTED, by=by, reason="", submitted_at=now, submitted_by=by)
        scorecard = scorecards.freeze(application=fresh, kind=ScorecardKind.DECLARED, sheet=sheet, now=now)
        scorecard.submitted = scorecards.in_full(fresh, sheet)
        scorecard.save(update_fields=["submitted"])
        receipts.make.schedule(**receipts.payload(scorecard, sheet))
        dossiers.make.schedule(application=fresh.pk, round=scorecard.round, digest=scorecard.fingerprint)
        if not fresh.simulated:
            # The pages that a demonstration names do not exist.
            links.visit.schedule(scorecard=scorecard.pk)
        if scorecard.round > 1:
            jobs.named("claims.count").schedule(scorecard=scorecard.pk)
    _show(application, fresh)
    return scorecard


def ask_complement(
    *,
    application: Application,
    reason: str,
    parts: Collection[str],
    initiatives: Collection[Initiative] = (),
    examined: dict[str, Any] | None = None,
    by: User,
    now: datetime,
) -> Complement:
    """Return the file, open for what is asked and for nothing else, until it is submitted again. `examined`: the inputs
    of the score as the jury has it by then, which the commune's changes do not alter.

    `parts`: see `Complement`. The caller has checked that `by` may. Raises Refused when nothing is asked, or something
    that is not in the file, NotNow when the file may not be returned or no reason is given."""
    names = set(policies.parts_to_ask(application.framework.parsed))
    if reason_against := policies.why_not_ask(parts=parts, initiatives=initiatives):
        raise Refused(reason_against)
    with transaction.atomic():
        fresh = queries.locked(application)
        sheet = queries.sheet(fresh)
        if not names.issuperset(parts) or not set(sheet.initiatives).issuperset(initiatives):
            raise Refused(_("Ce qui est demandé n’est pas dans ce dossier."))
        complement = Complement.objects.create(
            application=fresh,
            reason=reason.strip(),
            parts=list(dict.fromkeys(parts)),
            initiatives=sorted(row.pk for row in initiatives),
            before=as_it_stands(fresh, sheet) | ({"examined": examined} if examined else {}),
            asked_by=by,
            asked_at=now,
        )
        _move(fresh, State.RETURNED, by=by, reason=reason, complement=complement)
        audit.record(
            by=by,
            verb="complement.asked",
            on=complement,
            application=fresh.pk,
            parts=complement.parts,
            initiatives=complement.initiatives,
        )
    _show(application, fresh)
    return complement


def as_it_stands(application: Application, sheet: Sheet) -> dict[str, Any]:
    """What later writing would leave no trace of in the rows: see `Complement.before`."""
    queries.find_inspirations(sheet.initiatives)
    return {
        "context": application.declared_context,
        "initiatives": {str(row.pk): plain(row) for row in sheet.initiatives},
    }


def withdraw(*, application: Application, by: User, reason: str = "", now: datetime) -> Application:
    """The signatory takes the candidature back, until it is decided. Nothing is erased; there is no way back."""
    membership = membership_of(user=by, territory=application.territory)
    if membership is None:
        raise NotAllowed(_("Cette collectivité ne vous est pas rattachée."))
    if membership.role != Role.SIGNATORY:
        raise NotAllowed(_("Seule une personne qui signe pour la collectivité peut retirer la candidature."))
    policies.check_can_withdraw(application)
    return move(application=application, to=State.WITHDRAWN, by=by, reason=reason, now=now)


def move(*, application: Application, to: State, by: User | None, reason: str = "", now: datetime) -> Application:
    """Apply the table of moves. The caller has checked that `by` may; `by` is None when no person acted.

    Raises NotNow when the table has no such move from the state that the file is in now, and when a move that needs a
    reason has none. The instance given is brought up to date."""
    with transaction.atomic():
        fresh = queries.locked(application)
        _move(fresh, to, by=by, reason=reason)
    _show(application, fresh)
    return application


def _move(application: Application, to: State, *, by: User | None, reason: str, **also: Any) -> None:
    """The row is locked: change its state, with its trail."""
    before = State(application.state)
    if (before, to) not in MOVES:
        raise NotNow(
            _("Un dossier « %(before)s » ne peut pas devenir « %(after)s ».")
            % {"before": before.label, "after": to.label}
        )
    if (before, to) in NEED_REASON and not reason.strip():
        raise NotNow(_("Dites pourquoi : la collectivité lira cette raison."))
    changes = {"state": to, "state_reason": reason.strip(), "complement": None, **also}
    for name, value in changes.items():
        setattr(application, name, value)
    application.save(update_fields=list(changes))
    audit.record(by=by, verb=f"application.{to}", on=application, before=before, reason=reason.strip())


def _show(application: Application, fresh: Application) -> None:
    """The caller's instance says what the database says."""
    for name in ("state", "state_reason", "complement", "submitted_at", "submitted_by"):
        setattr(application, name, getattr(fresh, name))

"""Interests and recusals. What hides a file is computed at each reading (`visibility`); the rows written here are the
register, which the minutes and the commune may ask for."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import audit
from accounts.models import User
from accounts.refusals import NotAllowed, Refused
from accounts.rules import texts
from assessments.enums import State
from assessments.models import Application
from jury import visibility
from jury.models import Interest, Juror, Recusal
from territories.models import Territory


@transaction.atomic
def declare(*, juror: Juror, by: User, now: datetime) -> Juror:
    """The juror says that the interests declared are all there are: files may be given and read from now on."""
    if juror.user_id != by.pk:
        raise NotAllowed(_("Chaque membre du jury fait sa déclaration en personne."))
    if Juror.objects.filter(pk=juror.pk, declared_at=None).update(declared_at=now):
        juror.declared_at = now
        audit.record(by=by, verb="jury.declared", on=juror)
    return juror


@transaction.atomic
def declare_interest(*, juror: Juror, territory: Territory, nature: str, by: User, now: datetime) -> Interest:
    """The juror, or the organiser, says that a territory touches the juror. The same one twice is harmless."""
    _check_own_or_organiser(juror, by)
    if not nature.strip():
        raise Refused(_("Dites en quelques mots quel est ce lien : élu, agent, habitant, prestataire…"))
    interest, created = Interest.objects.get_or_create(
        juror=juror, territory=territory, defaults={"nature": texts.taken(nature, most=160), "declared_at": now}
    )
    if created:
        record_for_juror(juror, now=now)
        audit.record(by=by, verb="jury.interest_declared", on=juror, territory=territory.code, nature=interest.nature)
    return interest


@transaction.atomic
def remove_interest(*, interest: Interest, by: User, now: datetime) -> None:
    """Declared by mistake, or over. Automatic recusals from undecided files are lifted, unless something else holds."""
    juror = interest.juror
    _check_own_or_organiser(juror, by)
    audit.record(
        by=by, verb="jury.interest_removed", on=juror, territory=interest.territory.code, nature=interest.nature
    )
    interest.delete()
    open_files = Application.objects.exclude(state__in=[State.DECIDED, State.PUBLISHED])
    Recusal.objects.filter(juror=juror, automatic=True, application__in=open_files).delete()
    record_for_juror(juror, now=now)


@transaction.atomic
def follow(*, old: Territory, new: Territory, now: datetime) -> None:
    """A territory became part of another: who has an interest in the one has it in the other. Twice is harmless."""
    for interest in Interest.objects.filter(territory=old).select_related("juror__panel"):
        heir, created = Interest.objects.get_or_create(
            juror=interest.juror,
            territory=new,
            defaults={"nature": interest.nature, "declared_at": now, "followed": old},
        )
        if created:
            record_for_juror(heir.juror, now=now)
            audit.record(by=None, verb="jury.interest_declared", on=heir.juror, territory=new.code, nature=heir.nature)


@transaction.atomic
def recuse(*, juror: Juror, application: Application, reason: str, by: User, now: datetime) -> Recusal:
    """The juror steps aside from a file, with a reason, and sees nothing of it from now on. Twice is harmless."""
    _check_own_or_organiser(juror, by)
    if not reason.strip():
        raise Refused(_("Dites en quelques mots pourquoi : cette raison entre au registre des déports."))
    if juror.panel.edition_id != application.edition_id:
        raise NotAllowed(_("Ce dossier relève d’un autre jury."))
    recusal, created = Recusal.objects.get_or_create(
        juror=juror, application=application, defaults={"reason": texts.taken(reason, most=300), "at": now}
    )
    if created:
        audit.record(by=by, verb="jury.recused", on=application, juror=juror.pk, reason=recusal.reason)
    return recusal


def record_for_juror(juror: Juror, *, now: datetime) -> None:
    """Write down the recusals that this juror's interests and attachments entail."""
    files = (
        Application.objects.filter(visibility.files_hidden_from(juror), edition=juror.panel.edition_id)
        .exclude(state=State.DRAFT)
        .exclude(recusals__juror=juror)
    )
    _write([(juror, file) for file in files], now=now)


def record_for_file(application: Application, *, now: datetime) -> None:
    """Write down who is recused from this file."""
    jurors = Juror.objects.filter(
        visibility.jurors_recused(application), panel__edition=application.edition_id, left_at=None
    ).exclude(recusals__application=application)
    _write([(juror, application) for juror in jurors], now=now)


def _write(pairs: list[tuple[Juror, Application]], *, now: datetime) -> None:
    reason = _("Un lien déclaré ou un rattachement touche cette collectivité ou son intercommunalité.")
    Recusal.objects.bulk_create(
        [
            Recusal(juror=juror, application=application, automatic=True, reason=reason, at=now)
            for juror, application in pairs
        ],
        ignore_conflicts=True,
    )


def _check_own_or_organiser(juror: Juror, by: User) -> None:
    if juror.user_id != by.pk and not by.is_organiser:
        raise NotAllowed(_("Chaque membre du jury déclare pour soi ; l’équipe qui organise le peut aussi."))

"""May this person? Raised with the reason; whoever may not know of the file never gets here (404 in the look-up)."""

from django.utils.translation import gettext as _

from accounts.refusals import NotAllowed, NotNow
from assessments.models import Application
from jury import queries
from jury.models import Assignment, Juror


def check_sits(juror: Juror) -> None:
    """On the panel today, the interests declared."""
    if juror.left_at is not None:
        raise NotAllowed(_("Vous ne siégez plus dans ce jury."))
    if juror.declared_at is None:
        raise NotNow(_("Avant de lire, déclarez vos liens avec des collectivités, ou dites que vous n’en avez aucun."))


def check_chairs(juror: Juror) -> None:
    check_sits(juror)
    if not juror.is_chair:
        raise NotAllowed(_("Seule la personne qui préside le jury peut le faire."))


def reading_of(juror: Juror, application: Application) -> Assignment:
    """The assignment that makes this juror a reader of this file; a recused juror has none."""
    check_sits(juror)
    rows = queries.standing_assignments().select_related("appeal")
    assignment = rows.filter(juror=juror, application=application).first()
    if assignment is None:
        raise NotAllowed(_("Ce dossier ne vous est pas confié : seules ses lectrices et ses lecteurs y notent."))
    return assignment


def check_can_preside(juror: Juror, application: Application) -> None:
    check_sits(juror)
    if not queries.presides(juror=juror, application=application):
        raise NotAllowed(_("Seule la personne qui préside le jury pour ce dossier peut le décider."))


def check_can_examine(juror: Juror, application: Application) -> None:
    """Rulings and requests for more: a reader of the file, or the person who presides."""
    check_sits(juror)
    if not queries.presides(juror=juror, application=application):
        reading_of(juror, application)


def check_can_vote(juror: Juror, application: Application) -> None:
    """Whoever sits today on the panel of this edition and is not recused from the file."""
    check_sits(juror)
    if juror.panel.edition_id != application.edition_id or not queries.may_sit_for(
        juror=juror, application=application
    ):
        raise NotAllowed(_("Vous êtes en situation de déport pour ce dossier : vous ne votez pas."))

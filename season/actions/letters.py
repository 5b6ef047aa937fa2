"""The words of the mails that the service writes by itself, as this instance wants them."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import audit
from accounts.models import User
from accounts.permissions import check_can_organise
from accounts.refusals import Refused
from outbox.doors import letters
from outbox.doors.letters import COMMON, Letter
from outbox.models import LetterText


@transaction.atomic
def change_letter(*, letter: Letter, subject: str, text: str, by: User) -> LetterText:
    """What leaves from now on says this. Raises Refused for a field it does not have, or without one it cannot lack."""
    check_can_organise(by)
    refuse_fields(letter, subject, text)
    values = {"subject": subject.strip(), "text": text.strip()}
    row, _made = LetterText.objects.update_or_create(name=letter.name, defaults=values)
    audit.record(by=by, verb="letter.changed", on=row, name=letter.name, **values)
    return row


@transaction.atomic
def restore_letter(*, letter: Letter, by: User) -> None:
    """Back to the original; what was changed stays in the trail."""
    check_can_organise(by)
    row = LetterText.objects.filter(name=letter.name).first()
    if row:
        audit.record(by=by, verb="letter.restored", on=row, name=letter.name)
        row.delete()


def refuse_fields(letter: Letter, subject: str, text: str) -> None:
    if unknown := letters.unknown_fields(f"{subject} {text}", (*letter.fields, *COMMON)):
        raise Refused(_("Ce courriel n’a pas de champ « {%(name)s} ».") % {"name": unknown[0]})
    if missing := [name for name in letter.kept if name not in letters.fields_of(text)]:
        raise Refused(_("Le texte doit garder le champ « {%(name)s} ».") % {"name": missing[0]})

"""« Qui peut faire quoi », drawn from the permissions themselves: each cell is what the check answers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import permissions
from accounts.models import Membership, OrganiserRole, Role, User
from accounts.permissions import RIGHTS, Right
from accounts.refusals import Refused


@dataclass(frozen=True)
class Row:
    words: str | Promise
    cells: Sequence[bool]


@dataclass(frozen=True)
class Table:
    title: str
    roles: Sequence[str]
    rows: Sequence[Row]


def _may_invite(role: Role) -> Callable[[Membership], None]:
    return lambda own: permissions.check_can_invite(user=own.user, membership=own, role=role)


def _remove(own: Membership) -> None:
    permissions.check_can_end(user=own.user, own=own, membership=Membership(user=User(pk=2)))


# Acts of a team, and the check that each of them asks.
ACTS: list[tuple[str | Promise, Callable[[Membership], None]]] = [
    (gettext_lazy("Lire le dossier, suivre son score"), lambda own: None),
    (gettext_lazy("Répondre, joindre des preuves, décrire des initiatives"), permissions.check_can_write),
    (gettext_lazy("Déposer la candidature"), permissions.check_can_sign),
    (gettext_lazy("Confier un mandat à une structure, y mettre fin"), permissions.check_can_consent),
    (gettext_lazy("Inviter quelqu’un pour lire"), _may_invite(Role.READER)),
    (gettext_lazy("Inviter quelqu’un pour contribuer"), _may_invite(Role.CONTRIBUTOR)),
    (gettext_lazy("Inviter quelqu’un pour signer"), _may_invite(Role.SIGNATORY)),
    (
        gettext_lazy("Annuler une invitation"),
        lambda own: permissions.check_can_cancel(user=own.user, own=own),
    ),
    (gettext_lazy("Retirer un rattachement"), _remove),
]


def tables() -> list[Table]:
    team = [Membership(user=User(pk=1), role=role) for role in Role]
    return [
        Table(
            _("L’équipe d’une collectivité"),
            [str(role.label) for role in Role] + [_("par un mandat")],
            [Row(words, [_allows(check, own) for own in [*team, _by_mandate()]]) for words, check in ACTS],
        ),
        Table(
            _("L’équipe qui organise"),
            [str(role.label) for role in OrganiserRole],
            [Row(right.label, [right in RIGHTS[role] for role in OrganiserRole]) for right in Right],
        ),
    ]


def _by_mandate() -> Membership:
    return Membership(user=User(pk=1), role=Role.CONTRIBUTOR, mandate_id=1)


def _allows(check: Callable[[Membership], None], own: Membership) -> bool:
    try:
        check(own)
    except Refused:
        return False
    return True

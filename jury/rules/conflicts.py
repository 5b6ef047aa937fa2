"""Who is recused from what: one condition, used by every look-up, count and list of this package.

A juror is recused from a file by a row (declared with a reason, or written down by the register), by an interest or by
an attachment of their own that touches the territory: the same one, its EPCI, or a commune of the same EPCI. Interests
are compared at each reading, so that a file started after the declaration, or an attachment granted since, hides at
once; no row has to be written first."""

from typing import Any

from django.db.models import Exists, OuterRef, Q

from accounts.models import Membership, MembershipState
from assessments.models import Application
from jury.models import Interest, Juror, Recusal

# A value, or a reference to a column of the query around.
Ref = Any


def touches(*, territory: Ref, epci: Ref) -> Q:
    """On rows with a `territory`: it and this one are the same, of one EPCI, or one is the EPCI of the other."""
    near = Q(territory=territory) | Q(territory__epci=territory)
    # Compared with nothing, a null would match every territory without EPCI.
    return near if epci is None else near | Q(territory=epci) | Q(territory__epci=epci)


def recused(*, juror: Ref, user: Ref, application: Ref, territory: Ref, epci: Ref) -> Q:
    """True where this juror is recused from this file."""
    near = touches(territory=territory, epci=epci)
    interests = Interest.objects.filter(near, juror=juror)
    attached = Membership.objects.filter(near, user=user, state=MembershipState.ACTIVE)
    rows = Recusal.objects.filter(juror=juror, application=application)
    return Q(Exists(rows) | Exists(interests) | Exists(attached))


def files_hidden_from(juror: Juror) -> Q:
    """On applications: those from which this juror is recused."""
    return recused(
        juror=juror.pk,
        user=juror.user_id,
        application=OuterRef("pk"),
        territory=OuterRef("territory"),
        epci=OuterRef("territory__epci"),
    )


def readers_recused() -> Q:
    """On assignments: those whose juror is recused from their file."""
    return recused(
        juror=OuterRef("juror"),
        user=OuterRef("juror__user"),
        application=OuterRef("application"),
        territory=OuterRef("application__territory"),
        epci=OuterRef("application__territory__epci"),
    )


def jurors_recused(application: Application) -> Q:
    """On jurors: those recused from this file."""
    return recused(
        juror=OuterRef("pk"),
        user=OuterRef("user"),
        application=application.pk,
        territory=application.territory_id,
        epci=application.territory.epci_id,
    )


def voters_recused() -> Q:
    """On votes: those whose juror is recused from the file voted on."""
    return recused(
        juror=OuterRef("juror"),
        user=OuterRef("juror__user"),
        application=OuterRef("ballot__application"),
        territory=OuterRef("ballot__application__territory"),
        epci=OuterRef("ballot__application__territory__epci"),
    )


def jurors_recused_around(path: str = "") -> Q:
    """On jurors, in a subquery: those recused from the application of the query around, which is on applications, or
    reaches one by `path`."""
    return recused(
        juror=OuterRef("pk"),
        user=OuterRef("user"),
        application=OuterRef(OuterRef(f"{path}pk")),
        territory=OuterRef(OuterRef(f"{path}territory")),
        epci=OuterRef(OuterRef(f"{path}territory__epci")),
    )

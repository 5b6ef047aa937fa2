"""Who acts in the demonstration. Functions stand for persons: nobody is invented."""

from django.conf import settings
from django.db import transaction

from accounts import actions as accounts
from accounts.models import User

PASSWORD = "arobase-demonstration"  # noqa: S105 -- printed at the start of every demonstration
DOMAIN = "demo.example"
ORGANISER = "organisation"
CHAIR = "presidente"
JURORS = ("juree1", "juree2", "juree3")
AGENT, SIGNATORY = "agent", "signataire"
# Works for a helper, which asks the commune of the two above for a mandate.
HELPER = "accompagnante"
# Stands for every simulated town hall but the one of the demo accounts.
TOWN_HALLS = "mairies-simulees"

FUNCTIONS = {
    ORGANISER: "L’équipe d’organisation",
    CHAIR: "La présidente du jury",
    "juree1": "La jurée, géographe",
    "juree2": "La jurée, ingénieure territoriale",
    "juree3": "Le juré, spécialiste des données publiques",
    AGENT: "La secrétaire de mairie",
    SIGNATORY: "Le maire",
    HELPER: "La chargée de mission du syndicat",
    TOWN_HALLS: "Les mairies simulées",
}
# What `manage.py serve` prints.
SHOWN = (AGENT, SIGNATORY, HELPER, *JURORS, CHAIR, ORGANISER)


def address(who: str) -> str:
    return f"{who}@{DOMAIN}"


def person(who: str) -> User:
    return User.objects.get(email=address(who))


@transaction.atomic
def make() -> None:
    """The accounts, with one password for all. Running it again changes nothing.

    Outside the demonstration this would open known accounts: it refuses."""
    if not settings.INSTANCE["demo"]:
        raise RuntimeError("demo accounts are only made where AROBASE_DEMO is set")
    for who, function in FUNCTIONS.items():
        if User.objects.filter(email=address(who)).exists():
            continue
        if who == ORGANISER:
            accounts.create_organiser(email=address(who), name="", function=function, password=PASSWORD)
            continue
        user = accounts.ensure_user(email=address(who), name="", function=function, by=None)
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])

"""What the trail says of a file, in words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.models import AuditEntry

VERBS = {
    "application.started": lazy("Dossier commencé"),
    "application.context_set": lazy("Situation de la collectivité précisée"),
    "application.submitted": lazy("Dossier déposé"),
    "application.withdrawn": lazy("Candidature retirée"),
    "application.under_review": lazy("Dossier confié au jury"),
    "application.returned": lazy("Complément demandé"),
    "application.decided": lazy("Niveau décidé"),
    "application.published": lazy("Résultat publié"),
    "application.ineligible": lazy("Déclaré non recevable"),
    "application.delay_granted": lazy("Délai particulier donné"),
    "application.opened": lazy("Ouvert en lecture par l’organisation"),
}
# As earlier releases wrote them: what is sealed does not change.
VERBS |= {
    "application.start": VERBS["application.started"],
    "application.context": VERBS["application.context_set"],
    "application.delay": VERBS["application.delay_granted"],
}


def words(entry: AuditEntry) -> str:
    return str(VERBS.get(entry.verb, _("Autre changement")))

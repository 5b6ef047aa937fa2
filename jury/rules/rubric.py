"""The rubric in words: what each mark from 0 to 4 means, axis by axis. Readers and communes read the same text."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MARKS = range(5)

Scale = tuple[Promise, Promise, Promise, Promise, Promise]

RUBRIC: dict[str, Scale] = {
    "inclusion": (
        _("Rien n’aide les personnes éloignées du numérique ; les démarches supposent d’être équipé et à l’aise."),
        _("Des intentions ou des gestes isolés, qui reposent sur une personne ; le site reste peu accessible."),
        _("Un accompagnement existe à des heures connues ; l’accessibilité est engagée et dite."),
        _("L’accompagnement est stable, avec des partenaires ; chaque démarche garde une voie sans internet."),
        _("Les besoins sont mesurés, les habitants associés, les résultats suivis ; d’autres peuvent s’en inspirer."),
    ),
    "sovereignty": (
        _("La commune ne sait pas où sont ses données ni qui peut y accéder ; pas de sauvegarde vérifiée."),
        _("Des précautions de base, sans suite organisée ; forte dépendance à un seul prestataire."),
        _("Sauvegardes, comptes et contrats sont tenus ; les données personnelles sont recensées."),
        _("Une politique écrite, des essais de reprise, des logiciels libres ou réversibles, des données ouvertes."),
        _("Les choix sont maîtrisés et partagés entre collectivités ; la continuité est éprouvée chaque année."),
    ),
    "ecology": (
        _("La question n’est pas posée : achats, équipements et usages suivent l’habitude."),
        _("Quelques gestes (extinction, tri), sans mesure ni règle d’achat."),
        _("Des règles d’achat et de durée d’usage sont appliquées ; le matériel est réparé ou réemployé."),
        _("L’empreinte est connue, les services sont sobres, le numérique sert la transition de la commune."),
        _("Les effets sont mesurés et publiés ; la démarche entraîne les habitants, les écoles et les entreprises."),
    ),
    "services": (
        _("Peu ou pas de services en ligne ; l’information est rare ou périmée."),
        _("Une présence en ligne simple, tenue de façon inégale."),
        _("Les démarches courantes sont en ligne et suivies ; l’information est à jour."),
        _("Des services utiles et coordonnés avec l’intercommunalité ; les habitants participent."),
        _("Les services sont évalués avec leurs usagers et améliorés ; une vraie vie locale s’appuie sur eux."),
    ),
}

ANY_AXIS: Scale = (
    _("Rien n’est engagé."),
    _("Des intentions ou des gestes isolés."),
    _("Des actions réelles, encore partielles."),
    _("Une démarche en place, suivie et partagée."),
    _("Une démarche évaluée, améliorée, dont d’autres peuvent s’inspirer."),
)


def scale_of(axis: str) -> Scale:
    """The five sentences of an axis; a framework may name an axis that has no words of its own."""
    return RUBRIC.get(axis, ANY_AXIS)

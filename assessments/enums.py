"""Stored codes. They are part of the schema: renaming one needs a migration."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Life of an application; the legal moves are in `transitions.py`."""

    DRAFT = "draft", _("en préparation")
    SUBMITTED = "submitted", _("déposée")
    UNDER_REVIEW = "under_review", _("en lecture")
    RETURNED = "returned", _("complément demandé")
    DECIDED = "decided", _("décidée")
    PUBLISHED = "published", _("publiée")
    INELIGIBLE = "ineligible", _("non recevable")
    WITHDRAWN = "withdrawn", _("retirée")


class AnswerState(models.TextChoices):
    """Missing is the absence of a row, or a last row that was `cleared`."""

    ANSWERED = "answered", _("répondu")
    UNKNOWN = "unknown", _("je ne sais pas")
    NOT_APPLICABLE = "not_applicable", _("pas concerné")
    CLEARED = "cleared", _("effacé")


class Operator(models.TextChoices):
    IN_HOUSE = "in_house", _("la collectivité elle-même")
    FUNDED_ASSOCIATION = "funded_association", _("une association financée sur fonds publics")
    DELEGATE = "delegate", _("un délégataire ou un prestataire")


class Cost(models.TextChoices):
    """What an initiative costs in a year, all included."""

    UNDER_1000 = "under_1000", _("moins de 1 000 €")
    UNDER_10000 = "under_10000", _("de 1 000 à 10 000 €")
    UNDER_50000 = "under_50000", _("de 10 000 à 50 000 €")
    OVER_50000 = "over_50000", _("plus de 50 000 €")


class ScorecardKind(models.TextChoices):
    DECLARED = "declared", _("déclaré")
    EXAMINED = "examined", _("instruit")


class Basis(models.TextChoices):
    """What a benchmark compares: scores as declared at the closing, or as published."""

    DECLARED = "declared", _("déclaré")
    PUBLISHED = "published", _("publié")


class LinkFault(models.TextChoices):
    """Why a page that a file names did not answer."""

    NAME = "name", _("cette adresse n’existe pas")
    PRIVATE = "private", _("cette adresse n’est pas sur l’internet public : nous ne l’avons pas visitée")
    SILENT = "silent", _("le site ne répondait pas")
    CERTIFICATE = "certificate", _("le certificat du site n’était pas valable")
    LOOPS = "loops", _("le site renvoyait sans fin d’une page à l’autre")

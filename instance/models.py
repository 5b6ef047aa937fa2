"""Whose label this is, in one row. An empty column leaves the word to the environment, then to the default."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Security(models.TextChoices):
    """How the conversation with a mail server is encrypted."""

    STARTTLS = "starttls", _("STARTTLS (port 587 le plus souvent)")
    TLS = "tls", _("TLS dès la connexion (port 465 le plus souvent)")
    NONE = "none", _("aucun chiffrement (serveur de la même machine)")


class Instance(models.Model):
    """The only row has the key 1; without it, everything comes from the environment."""

    ONLY = 1

    name = models.CharField(_("nom du label"), max_length=60, blank=True)
    tagline = models.CharField(_("ce qu’il est, en quelques mots"), max_length=120, blank=True)
    organiser = models.CharField(_("qui l’organise"), max_length=160, blank=True)
    contact = models.EmailField(_("adresse de contact"), blank=True)
    legal_notice = models.TextField(_("mentions légales"), blank=True)
    jury_chair = models.CharField(_("qui préside le jury"), max_length=120, blank=True)
    organiser_head = models.CharField(_("qui signe pour l’organisation"), max_length=120, blank=True)

    sender = models.EmailField(_("adresse d’expédition"), blank=True)
    reply_to = models.EmailField(_("adresse de réponse"), blank=True)
    host = models.CharField(_("serveur d’envoi"), max_length=200, blank=True)
    port = models.PositiveIntegerField(_("port"), default=587)
    security = models.CharField(_("chiffrement"), max_length=8, choices=Security, default=Security.STARTTLS)
    user = models.CharField(_("identifiant"), max_length=200, blank=True)
    # Encrypted: see `rules.ciphers`.
    password = models.TextField(blank=True)
    # A trial message: the code it carries, and when somebody who had received it typed that code here.
    trial_code = models.CharField(max_length=12, blank=True)
    trial_arrived_at = models.DateTimeField(null=True)

    # A trial of the seal, by a worker, who alone holds the key: who seals, as its certificate says, and until when;
    # or why nothing could be sealed. Without a trial, what the environment names.
    seal_asked_at = models.DateTimeField(null=True)
    seal_tried_at = models.DateTimeField(null=True)
    sealed_by = models.CharField(max_length=300, blank=True, default="", db_default="")
    seal_until = models.DateTimeField(null=True)
    seal_own = models.BooleanField(default=False, db_default=False)
    seal_fault = models.CharField(max_length=500, blank=True, default="", db_default="")

    # Of the one-time address that opens an instance where nobody organises yet.
    first_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="instance_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def seal_awaited(self) -> bool:
        """Has a worker still to try the seal?"""
        asked, tried = self.seal_asked_at, self.seal_tried_at
        return asked is not None and (tried is None or tried < asked)

    @property
    def seals(self) -> bool:
        """Did the last trial seal?"""
        return self.seal_tried_at is not None and not self.seal_fault

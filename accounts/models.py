"""Who you are, for whom you act, and the trail of what was done."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from territories.models import Territory


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class OrganiserRole(models.TextChoices):
    """What a person does for the label; `accounts.permissions.RIGHTS` says what each may."""

    ORGANISER = "organiser", _("organisation")
    SUPPORT = "support", _("assistance")
    FIGURES = "figures", _("lecture des chiffres")


class Pace(models.TextChoices):
    """How often mails tell a person what colleagues give them to do or say to them."""

    AT_ONCE = "at_once", _("aussitôt")
    DAILY = "daily", _("une fois par jour, le matin")
    NEVER = "never", _("jamais")


class User(AbstractBaseUser):
    """A person, known by an e-mail address. `function` is what the person does: « secrétaire de mairie »."""

    email = models.EmailField(_("adresse électronique"), unique=True)
    name = models.CharField(_("prénom et nom"), max_length=120, blank=True)
    function = models.CharField(_("fonction"), max_length=120, blank=True)
    # All rights of the organiser; `desk` has a part of them.
    is_organiser = models.BooleanField(_("organise le label"), default=False)
    desk = models.CharField(max_length=9, choices=OrganiserRole, blank=True, default="", db_default="")
    # The day from which a second factor is asked of this person's role; set when the role first signs in without one.
    second_factor_by = models.DateTimeField(null=True)
    pace = models.CharField(max_length=7, choices=Pace, default=Pace.AT_ONCE, db_default=Pace.AT_ONCE)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_whatever_the_case")]

    def __str__(self) -> str:
        return self.name or self.function or self.email

    def get_full_name(self) -> str:
        return str(self)

    @property
    def organiser_role(self) -> OrganiserRole | None:
        if self.is_organiser:
            return OrganiserRole.ORGANISER
        return OrganiserRole(self.desk) if self.desk else None


class Role(models.TextChoices):
    """From the most to the least: each may do what the next may."""

    SIGNATORY = "signatory", _("signature")
    CONTRIBUTOR = "contributor", _("contribution")
    READER = "reader", _("lecture")


class MembershipState(models.TextChoices):
    REQUESTED = "requested", _("demandé")
    ACTIVE = "active", _("actif")
    REFUSED = "refused", _("refusé")
    ENDED = "ended", _("terminé")


class Helper(models.Model):
    """Structure accompagnante: an EPCI, a syndicat, a shared operator. Its people help the territories that consent."""

    siren = models.CharField(_("SIREN"), max_length=9, unique=True)
    name = models.CharField(_("nom"), max_length=120)
    people = models.ManyToManyField(User, related_name="helpers")

    def __str__(self) -> str:
        return self.name


class Mandate(models.Model):
    """A territory lets a helper work on its files: asked by the one or granted by the other, ended at once by either.

    While it is active each person of the helper has a membership that follows from it, and goes with it."""

    helper = models.ForeignKey(Helper, on_delete=models.PROTECT, related_name="mandates")
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="mandates")
    state = models.CharField(max_length=9, choices=MembershipState, default=MembershipState.REQUESTED)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["helper", "territory"],
                condition=models.Q(state__in=["requested", "active"]),
                name="mandate_once_alive",
            ),
            models.CheckConstraint(
                condition=models.Q(state="requested", decided_at=None)
                | (~models.Q(state="requested") & models.Q(decided_at__isnull=False)),
                name="mandate_decided_at_when_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.helper} → {self.territory}"


class Membership(models.Model):
    """Rattachement: a person acts for a territory, in a role, once the organiser or a colleague has said yes."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=11, choices=Role)
    state = models.CharField(max_length=9, choices=MembershipState, default=MembershipState.REQUESTED)
    message = models.TextField(_("message à l’organisateur"), blank=True)
    reason = models.TextField(blank=True)
    # Of somebody who acts for a helper: never to sign.
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, null=True, related_name="memberships")
    # Of somebody invited to sign by a colleague who does not: the organiser has yet to look. Nothing waits for it but
    # the decision of the jury.
    to_confirm = models.BooleanField(default=False, db_default=False)
    requested_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "territory"],
                condition=models.Q(state__in=["requested", "active"]),
                name="membership_once_alive",
            ),
            models.CheckConstraint(
                condition=models.Q(state="requested", decided_at=None)
                | (~models.Q(state="requested") & models.Q(decided_at__isnull=False)),
                name="membership_decided_at_when_decided",
            ),
            models.CheckConstraint(
                condition=models.Q(mandate=None) | ~models.Q(role="signatory"), name="membership_by_mandate_never_signs"
            ),
        ]


class Invitation(models.Model):
    """An address is asked to join a territory. Only the digest of the link's secret is kept."""

    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=11, choices=Role)
    secret_digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(accepted_at=None, accepted_by=None)
                | models.Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="invitation_accepted_by_and_at_together",
            ),
            models.UniqueConstraint(
                "territory",
                Lower("email"),
                condition=models.Q(accepted_at=None, cancelled_at=None),
                name="invitation_once_open",
            ),
        ]


class Scope(models.TextChoices):
    """What a key of the API opens; it never opens more than its owner may do."""

    READ = "read", _("lire mes dossiers")
    WRITE = "write", _("lire et écrire mes dossiers")


class Token(models.Model):
    """A key for the API, shown once; only its digest is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    scope = models.CharField(max_length=5, choices=Scope, default=Scope.WRITE, db_default=Scope.WRITE.value)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True)
    # To the hour: not every call is worth a write.
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)


class AuditEntry(models.Model):
    """One thing done: who, what, on what, when. Inserted in the transaction of the action; sealed later into a chain.

    The actor is kept as an opaque id so that a person can be erased without breaking the chain."""

    at = models.DateTimeField(default=timezone.now)
    actor_id = models.BigIntegerField(null=True)
    verb = models.CharField(max_length=60)
    object_type = models.CharField(max_length=40)
    object_id = models.CharField(max_length=64)
    detail = models.JSONField(default=dict)
    # Written by the sealing job, in order, without a gap.
    position = models.BigIntegerField(null=True, unique=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["object_type", "object_id"], name="audit_object")]

"""What Arobase changes in django-allauth."""

from allauth.account.adapter import DefaultAccountAdapter


class Adapter(DefaultAccountAdapter):
    """Nothing yet beyond the defaults; mails go through the outbox by EMAIL_BACKEND."""

"""What the service keeps about a person, as a document that they take with them (GDPR, articles 15 and 20)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession

from accounts.models import AuditEntry, Helper, Membership, Token, User
from outbox.models import Mail


def document(
    user: User,
    *,
    memberships: Iterable[Membership],
    helpers: Iterable[Helper],
    tokens: Iterable[Token],
    providers: Iterable[SocialAccount],
    sessions: Iterable[UserSession],
    mails: Iterable[Mail],
    trail: Iterable[AuditEntry],
    now: datetime,
) -> dict[str, Any]:
    """Times in ISO 8601. The acts name what was done on what; what was written stands in the files, which their teams
    take with them whole."""
    return {
        "made_at": now.isoformat(),
        "account": {
            "email": user.email,
            "name": user.name,
            "function": user.function,
            "mails_of_colleagues": user.pace,
            "created_at": user.created_at.isoformat(),
            "role": user.organiser_role.value if user.organiser_role else None,
        },
        "memberships": [
            {
                "territory": row.territory.code,
                "role": row.role,
                "state": row.state,
                "message": row.message,
                "requested_at": row.requested_at.isoformat(),
                "decided_at": _iso(row.decided_at),
                "by_mandate_of": row.mandate.helper.name if row.mandate else None,
            }
            for row in memberships
        ],
        "helpers": [{"siren": row.siren, "name": row.name} for row in helpers],
        "keys": [
            {
                "name": row.name,
                "scope": row.scope,
                "created_at": row.created_at.isoformat(),
                "expires_at": _iso(row.expires_at),
                "last_used_at": _iso(row.last_used_at),
                "revoked_at": _iso(row.revoked_at),
            }
            for row in tokens
        ],
        "providers": [{"uid": row.uid, "told": row.extra_data} for row in providers],
        "sessions": [
            {"ip": row.ip, "browser": row.user_agent, "last_seen_at": row.last_seen_at.isoformat()} for row in sessions
        ],
        "mails": [
            {"subject": row.subject, "text": row.shown, "sent_at": _iso(row.sent_at), "state": row.state}
            for row in mails
        ],
        "acts": [
            {
                "at": row.at.isoformat(),
                "verb": row.verb,
                "on": f"{row.object_type} {row.object_id}",
                "detail": row.detail,
            }
            for row in trail
        ],
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None

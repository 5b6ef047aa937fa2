"""What a vote or a gap is called, in plain French: the same words in pages and in the minutes."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jury.models import Ballot
from jury.rules.counting import YES


def choice_in_words(ballot: Ballot, choice: int) -> str:
    """« 3 arobases », or yes or no for a mention."""
    if ballot.honour:
        return _("Pour") if choice == YES else _("Contre")
    return ngettext("%(n)s arobase", "%(n)s arobases", choice) % {"n": choice}


def outcome_in_words(ballot: Ballot) -> str:
    if ballot.outcome is None:
        return _("Vote ouvert")
    if ballot.honour:
        return _("Mention adoptée") if ballot.outcome == YES else _("Mention rejetée")
    return choice_in_words(ballot, ballot.outcome)


def count_in_words(ballot: Ballot) -> str:
    """« 3 arobases : 4 voix, 4 arobases : 2 voix, 1 abstention, sur 8 membres ; … »; nothing before it is closed."""
    if not ballot.count:
        return ""
    voices = sorted(ballot.count["votes"].items(), key=lambda pair: (-pair[1], pair[0]))
    parts = [
        _("%(choice)s : %(n)s voix") % {"choice": choice_in_words(ballot, int(choice)), "n": n} for choice, n in voices
    ]
    abstentions = ballot.count["abstentions"]
    if abstentions:
        parts.append(ngettext("%(n)s abstention", "%(n)s abstentions", abstentions) % {"n": abstentions})
    said = _("%(voices)s ; %(able)s membres pouvaient voter.") % {
        "voices": ", ".join(parts),
        "able": ballot.count["able"],
    }
    return f"{said} {_('La voix de la présidence a départagé.')}" if ballot.count["by_chair"] else said


def signed(gap: float) -> str:
    """« +0,5 », « −1,0 », « 0 »: a tenth is as fine as a mark."""
    rounded = round(gap, 1)
    return f"{rounded:+.1f}".replace(".", ",").replace("-", "−") if rounded else "0"

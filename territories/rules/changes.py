"""What happened between two official lists: who was renamed, who took another code, who became part of whom.

Facts in, facts out. A territory is known by its code; the list says where some that left went (`leads`), and for an
EPCI its communes do."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from territories.enums import Happened


@dataclass(frozen=True)
class Known:
    """A territory in one list. `epci`: that of a commune; nothing for an EPCI."""

    name: str
    siren: str = ""
    epci: str = ""


@dataclass(frozen=True)
class Change:
    """`code`: as before. `successor`: its new code, or that of what it became part of; nothing when nobody knows."""

    happened: Happened
    code: str
    successor: str = ""


def between(before: Mapping[str, Known], after: Mapping[str, Known], leads: Mapping[str, str]) -> list[Change]:
    """In the order of `before`."""
    members = _where_members_are(before, after, leads)
    found = []
    for code, known in before.items():
        if code in after:
            if after[code].name != known.name:
                found.append(Change(Happened.RENAMED, code))
            continue
        successor = _follow(leads, code, after) or members.get(code, "")
        if not successor:
            found.append(Change(Happened.ENDED, code))
        elif successor not in before and _same(known, after[successor], members.get(code) == successor):
            found.append(Change(Happened.RECODED, code, successor))
        else:
            found.append(Change(Happened.MERGED, code, successor))
    return found


def _follow(leads: Mapping[str, str], code: str, after: Mapping[str, Known]) -> str:
    """A successor may have had one itself, between lists years apart."""
    seen = {code}
    while (code := leads.get(code, "")) and code not in seen:
        if code in after:
            return code
        seen.add(code)
    return ""


def _same(old: Known, new: Known, same_members: bool) -> bool:
    return old.name == new.name or (old.siren != "" and old.siren == new.siren) or (same_members and not new.epci)


def _where_members_are(
    before: Mapping[str, Known], after: Mapping[str, Known], leads: Mapping[str, str]
) -> dict[str, str]:
    """Of each EPCI that left: the one where most of its communes are now, and not only a few of them."""
    went: dict[str, Counter[str]] = {}
    for code, known in before.items():
        if known.epci and known.epci not in after:
            today = code if code in after else _follow(leads, code, after)
            went.setdefault(known.epci, Counter())[after[today].epci if today else ""] += 1
    most = {epci: places.most_common(1)[0] for epci, places in went.items()}
    return {epci: code for epci, (code, count) in most.items() if code and 2 * count > went[epci].total()}

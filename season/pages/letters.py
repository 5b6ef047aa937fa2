"""The mails of the service as the organiser finds them again: by what they are about."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from outbox.doors import letters
from outbox.doors.letters import COMMON, FIELDS, LETTERS, Letter, Words

GROUPS = {
    "frame": lazy("Pour tous"),
    "account": lazy("Compte et connexion"),
    "mfa": lazy("Compte et connexion"),
    "accounts": lazy("Équipes et rôles"),
    "assessments": lazy("Candidature"),
    "jury": lazy("Jury"),
    "results": lazy("Résultats"),
    "season": lazy("Organisation"),
}


@dataclass(frozen=True)
class Group:
    """`letters`: each with whether its words were changed."""

    words: str
    letters: list[tuple[Letter, bool]]


def groups(changed: Container[str]) -> list[Group]:
    found: dict[str, list[tuple[Letter, bool]]] = {str(words): [] for words in GROUPS.values()}
    for letter in LETTERS.values():
        found[str(GROUPS[letter.name.partition(".")[0]])].append((letter, letter.name in changed))
    return [Group(words, letters) for words, letters in found.items()]


def fields_of(letter: Letter) -> list[tuple[str, Words, bool]]:
    """Each as it is typed, what it stands for, and whether the text must keep it."""
    names = [*letter.fields, *(name for name in COMMON if name not in letter.fields)]
    return [(f"{{{name}}}", FIELDS[name].words, name in letter.kept) for name in names]


def example(letter: Letter, changed: Mapping[str, tuple[str, str]]) -> tuple[str, str]:
    """The mail as it would leave, its fields filled with examples; the frame is seen around a word."""
    if letter.name == "frame":
        letter = replace(letter, name="", text=_("(ici, le texte de chaque courriel)"))
    return letters.in_words(letter, {name: str(FIELDS[name].example) for name in letter.fields}, changed=changed)

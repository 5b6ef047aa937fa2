"""The questionnaire as a spreadsheet to fill in offline, and what a filled one would change. Reads and writes no row.

A cell left empty changes nothing. Each answer travels with the version that it started from, in a hidden column: what
somebody answered since then is a conflict, which a person settles."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.refusals import Refused
from accounts.rules import texts
from assessments import wording
from assessments.doors import uploads
from assessments.enums import AnswerState
from assessments.models import Answer, Application
from assessments.queries import Sheet
from assessments.rules import numbers
from documents import workbook
from documents.workbook import Column, Entry, Seen, Table
from scoring import facts, parts
from scoring.answers import check_answer
from scoring.engine import Line, Result
from scoring.framework import Framework
from scoring.model import BOOLEAN, CHOICE, MULTIPLE, NUMBER, Question

ANSWERS, NOTICE, ORIGIN = "Réponses", "Mode d’emploi", "Origine"
YES, NO = lazy("Oui"), lazy("Non")
UNKNOWN, NOT_CONCERNED, NONE = lazy("Je ne sais pas"), lazy("Pas concerné"), lazy("Aucune de ces réponses")
LONGEST = 30_000  # characters; a cell holds 32,767
# Where things are in a row of answers; the last two columns are hidden. `NAME` is the id of a question or a name of the
# context; workbooks of before had it in `CODE`.
CODE, TEXT, ANSWER, REASON, HOW, HELP, WHEN, SEEN, NAME = "ABCDEFGHI"
PRINTED = 5  # columns: paper has room for no more

# An answer as `actions.fill` takes it, or a value of the context.
Document = Mapping[str, Any]


class Proposal(NamedTuple):
    """What a row proposes. `seen` is the version that it started from, or the value for a name of the context."""

    document: Document
    seen: Any
    place: str = ""


class Fault(NamedTuple):
    place: str
    what: str


class Reading(NamedTuple):
    """What a workbook says, by question or name of the context, and what cannot be read in it."""

    proposals: dict[str, Proposal]
    faults: list[Fault]


@dataclass(frozen=True)
class Change:
    """A row that differs from the file, in words. `last` is the answer that somebody gave since the export."""

    name: str
    text: str
    before: str
    after: str
    proposal: Proposal
    last: Answer | None = None


class Preview(NamedTuple):
    """What an import would do: `changes` go through, `conflicts` wait for a choice, `same` rows say nothing new,
    `closed` ones may not change in a file that was returned for something else."""

    changes: list[Change]
    conflicts: list[Change]
    same: int
    closed: list[Change]


# Writing


def blank(framework: Framework) -> bytes:
    """The whole questionnaire, for anyone."""
    rows = [
        *_context_rows(framework, framework.context, {}),
        *(row for part in parts.parts(framework) for row in _part_rows(part.title, map(_blank_row, part.questions))),
    ]
    return _book(framework, rows, code="")


def filled(application: Application, sheet: Sheet, result: Result) -> bytes:
    """The answers of a file, and the questions that concern it or might."""
    framework = result.framework
    lines = {line.question.id: line for line in result.lines}
    asked = facts.asked(framework, application.official_context)
    rows = _context_rows(framework, asked, application.declared_context)
    for part in parts.parts(framework):
        found = [lines[question.id] for question in part.questions]
        rows += _part_rows(part.title, (_row(line, sheet) for line in found if line.applies is not False))
    return _book(framework, rows, code=application.territory.code)


def _book(framework: Framework, rows: list[tuple[str | Entry, ...]], *, code: str) -> bytes:
    columns = (
        Column(_("Code"), 10),
        Column(_("Question"), 48),
        Column(_("Votre réponse"), 32),
        Column(_("Pourquoi, si la question ne vous concerne pas"), 26),
        Column(_("Comment répondre"), 40),
        Column(_("Aide"), 60),
        Column(_("À quelle condition"), 40),
        Column(_("Version"), 8, hidden=True),
        Column(_("Repère"), 20, hidden=True),
    )
    origin = ((_("Édition"), str(framework.edition)), (_("Collectivité"), code))
    return workbook.write(
        framework.title["fr"],
        [
            Table(NOTICE, (Column(NOTICE, 100),), tuple((line, "") for line in _notice(framework))),
            Table(ANSWERS, columns, tuple(rows), printed=PRINTED),
            Table(ORIGIN, (Column(_("Nom"), 20), Column(_("Valeur"), 20)), origin, hidden=True),
        ],
    )


def _notice(framework: Framework) -> list[str]:
    return [
        framework.title["fr"],
        _("Répondez dans la feuille « Réponses », colonne « Votre réponse ». Les autres cellules sont verrouillées."),
        _("Une cellule laissée vide ne change rien : ce qui est déjà dans votre dossier y reste."),
        _("« Je ne sais pas » est une réponse. « Pas concerné » demande une phrase dans la colonne voisine."),
        _("Quand plusieurs réponses sont possibles, écrivez leurs numéros : 1 ; 3."),
        _("N’écrivez pas de formule : elle ne serait pas lue."),
        _("Ensuite, dans votre dossier, ouvrez « Tableur » et envoyez-le : rien n’est écrit sans votre accord."),
        _("Les initiatives et les preuves se décrivent en ligne, dans votre dossier."),
    ]


def _context_rows(
    framework: Framework, asked: Collection[str], declared: Mapping[str, Any]
) -> list[tuple[str | Entry, ...]]:
    rows: list[tuple[str | Entry, ...]] = [(_("Votre collectivité"),)] if asked else []
    for name in asked:
        value = declared.get(name)
        offered = (str(YES), str(NO), str(UNKNOWN)) if framework.context[name] == "boolean" else ()
        entry = Entry(value if type(value) is int else context_said(value), offered)
        asked = wording.asked(framework, name)
        rows.append((_("Contexte"), asked, entry, "", "", "", "", context_said(value), name))
    return rows


def _part_rows(title: str, rows: Any) -> Iterator[tuple[str | Entry, ...]]:
    kept = [row for row in rows if row]
    if kept:
        yield (title,)
        yield from kept


def _blank_row(question: Question) -> tuple[str | Entry, ...]:
    when = wording.rule(question)
    return _cells(question, None, version=0, when=when) if question.takes_answer else ()


def _row(line: Line, sheet: Sheet) -> tuple[str | Entry, ...]:
    question = line.question
    if not question.takes_answer:
        return ()
    when = wording.rule(question) if line.applies is None else ""
    return _cells(question, sheet.answers.get(question.id), version=sheet.version(question.id), when=when)


def _cells(question: Question, answer: Answer | None, *, version: int, when: str) -> tuple[str | Entry, ...]:
    states = (str(UNKNOWN), str(NOT_CONCERNED))
    offered = (
        () if question.kind in (MULTIPLE, NUMBER) else (*(label for _code, label in wording.values(question)), *states)
    )
    return (
        question.id,
        question.text["fr"],
        Entry(written(question, answer), offered),
        Entry(answer.reason if answer else ""),
        _how(question),
        question.help["fr"] if question.help else "",
        when,
        str(version),
        question.id,
    )


def _how(question: Question) -> str:
    if question.kind == NUMBER:
        unit = question.unit["fr"] if question.unit else _("sans unité")
        return f"{numbers.asks(question)} ({unit})"
    if question.kind == MULTIPLE:
        lines = [f"{n}. {option.text['fr']}" for n, option in enumerate(question.options, start=1)]
        return "\n".join([_("Un ou plusieurs numéros, ou « Aucune de ces réponses » :"), *lines])
    if question.kind == BOOLEAN:
        return _("Oui ou non : choisissez dans la liste.")
    return "\n".join([_("Une de ces réponses :"), *(f"• {label}" for _value, label in wording.values(question))])


def written(question: Question, answer: Answer | None) -> str | int:
    """An answer as its cell says it."""
    if answer is None or answer.state == AnswerState.CLEARED:
        return ""
    if answer.state == AnswerState.UNKNOWN:
        return str(UNKNOWN)
    if answer.state == AnswerState.NOT_APPLICABLE:
        return str(NOT_CONCERNED)
    if question.kind == NUMBER:
        return numbers.written(question, answer.value) if question.decimals else int(answer.value or 0)
    if question.kind == MULTIPLE:
        chosen = [
            f"{n}. {option.text['fr']}"
            for n, option in enumerate(question.options, start=1)
            if option.id in (answer.value or ())
        ]
        return "\n".join(chosen) or str(NONE)
    return wording.value(question, answer.value)


# Reading


def receive(framework: Framework, name: str, content: bytes, *, code: str) -> Reading:
    """What a sent file proposes for the file of the territory `code`. Raises Refused when it is not ours to read."""
    # Before anything is unpacked.
    if not name.lower().endswith(".xlsx"):
        raise Refused(
            _(
                "Ce fichier n’est pas un classeur .xlsx. Dans LibreOffice ou Excel : Fichier, Enregistrer sous…, "
                "choisissez « Excel (.xlsx) », puis envoyez le fichier obtenu."
            )
        )
    uploads.take(name, content)
    return read(framework, content, code=code)


def read(framework: Framework, content: bytes, *, code: str) -> Reading:
    """What a workbook of the right kind proposes."""
    try:
        sheets = workbook.read(content, ANSWERS, ORIGIN)
    except workbook.Unreadable:
        raise Refused(
            _("Ce classeur ne peut pas être lu : il est abîmé, ou bien plus grand que le questionnaire.")
        ) from None
    cells, origin = sheets.get(ANSWERS), sheets.get(ORIGIN)
    if not cells or not origin:
        raise Refused(_("Ce classeur n’est pas celui du questionnaire : partez de celui que vous téléchargez ici."))
    year, of = (origin.get(place, Seen("")).text for place in ("B2", "B3"))
    if year != str(framework.edition):
        raise Refused(
            _("Ce classeur est celui d’une autre édition : téléchargez celui de %(year)s.")
            % {"year": framework.edition}
        )
    if of not in ("", code):
        raise Refused(_("Ce classeur est celui d’une autre collectivité (code %(code)s).") % {"code": of})
    return _read_rows(framework, cells)


def _read_rows(framework: Framework, cells: Mapping[str, Seen]) -> Reading:
    reading = Reading({}, [])
    for place, code in cells.items():
        found = re.fullmatch(rf"{CODE}([2-9]|\d{{2,5}})", place)
        if found and any(f"{column}{found[1]}" in cells for column in (ANSWER, REASON)):
            name = cells.get(f"{NAME}{found[1]}", code).text
            _read_row(framework, cells, name, found[1], reading)
    return reading


def _read_row(framework: Framework, cells: Mapping[str, Seen], name: str, row: str, reading: Reading) -> None:
    place = f"{ANSWER}{row}"
    answer, reason, seen = (cells.get(f"{column}{row}", Seen("")) for column in (ANSWER, REASON, SEEN))
    try:
        for column, cell in ((ANSWER, answer), (REASON, reason)):
            if cell.formula:
                place = f"{column}{row}"
                raise Refused(
                    _("cette cellule contient une formule, qui n’est pas lue : écrivez la réponse elle-même.")
                )
            if len(cell.text) > LONGEST:
                place = f"{column}{row}"
                raise Refused(_("ce texte est trop long pour une cellule."))
        if name in reading.proposals:
            raise Refused(_("la question %(code)s est déjà plus haut dans la feuille.") % {"code": name})
        if name in framework.context:
            document = _context_document(framework.context[name], answer.text)
            before: Any = seen.text
        elif name in framework.question_by_id:
            document = answer_of(framework.question_by_id[name], answer.text, reason.text)
            before = texts.whole(seen.text) or 0
        else:
            raise Refused(_("« %(code)s » n’est pas une question de cette édition.") % {"code": name[:40]})
    except Refused as refusal:
        reading.faults.append(Fault(place, refusal.reason))
        return
    if document is not None:
        reading.proposals[name] = Proposal(document, before, place)


def _context_document(kind: str, text: str) -> Document | None:
    value = context_value(kind, text) if text else ""
    return None if value == "" else {"value": value}


def context_value(kind: str, text: str) -> Any:
    if _plain(text) == _plain(str(UNKNOWN)):
        return facts.UNKNOWN
    if kind == "boolean":
        if _plain(text) not in _YES_OR_NO:
            raise Refused(_("répondez par « Oui », « Non » ou « Je ne sais pas »."))
        return _YES_OR_NO[_plain(text)]
    return numbers.whole(text) if kind == "integer" else texts.taken(text, most=facts.LONGEST, lines=False)


_YES_OR_NO = {"oui": True, "vrai": True, "non": False, "faux": False}


def answer_of(question: Question, text: str, reason: str) -> Document | None:
    """The answer that a cell says; None when it says nothing. Raises Refused with what is wrong."""
    plain = _plain(text)
    if not plain:
        if reason:
            raise Refused(_("une raison est donnée sans réponse : écrivez « Pas concerné », ou effacez-la."))
        return None
    if plain == _plain(str(UNKNOWN)):
        return {"state": "unknown"}
    if plain == _plain(str(NOT_CONCERNED)):
        if not reason:
            raise Refused(_("« Pas concerné » demande une raison, dans la colonne voisine."))
        return {"state": "not_applicable", "reason": texts.taken(reason)}
    document = {"value": _value(question, text)}
    if faults := check_answer(question, document):
        raise Refused(" ".join(f"{fault.what} {fault.mend}".strip() for fault in faults))
    return document


def _value(question: Question, text: str) -> Any:
    plain = _plain(text)
    if question.kind == NUMBER:
        return numbers.read(question, text)
    if question.kind == MULTIPLE:
        return _chosen(question, text)
    offered = {_plain(label): value for value, label in wording.values(question)}
    if question.kind not in (CHOICE, MULTIPLE):
        offered |= {word: value for word, value in _YES_OR_NO.items() if value in offered.values()}
    if plain not in offered:
        raise Refused(_("« %(text)s » n’est pas une des réponses proposées.") % {"text": text[:60]})
    return offered[plain]


def _chosen(question: Question, text: str) -> list[str]:
    """Numbers (« 1 ; 3 »), numbered lines, or the words themselves, one a line."""
    if _plain(text) == _plain(str(NONE)):
        return []
    separator = r"[\s,;]+" if re.fullmatch(r"[\d\s,;]+", text) else r"[\n;]"
    offered = {_plain(option.text["fr"]): option.id for option in question.options}
    offered |= {str(n): option.id for n, option in enumerate(question.options, start=1)}
    offered |= {f"{n}. {_plain(option.text['fr'])}": option.id for n, option in enumerate(question.options, start=1)}
    chosen = set()
    for piece in filter(None, map(_plain, re.split(separator, text))):
        if piece not in offered:
            raise Refused(_("« %(text)s » n’est pas une des réponses proposées.") % {"text": piece[:60]})
        chosen.add(offered[piece])
    return [option.id for option in question.options if option.id in chosen]


def _plain(text: str) -> str:
    """Without what a program or a hand changes: case, spaces, the form of an apostrophe."""
    return re.sub(r"\s+", " ", text.replace("’", "'")).strip().casefold()


# Comparing


def preview(
    framework: Framework,
    proposals: Mapping[str, Proposal],
    *,
    sheet: Sheet,
    declared: Mapping[str, Any],
    is_open: Callable[[str], bool] = lambda _name: True,
) -> Preview:
    """What the proposals would change in the file as it stands, where it is open."""
    found = Preview([], [], 0, [])
    same = 0
    for name, proposal in proposals.items():
        change, conflict = (
            _context_change(framework, name, proposal, declared)
            if name in framework.context
            else _answer_change(framework.question_by_id[name], proposal, sheet)
        )
        if change is None:
            same += 1
        elif not is_open(name):
            found.closed.append(change)
        else:
            (found.conflicts if conflict else found.changes).append(change)
    return found._replace(same=same)


def _context_change(
    framework: Framework, name: str, proposal: Proposal, declared: Mapping[str, Any]
) -> tuple[Change | None, bool]:
    now, value = declared.get(name), proposal.document["value"]
    if now == value:
        return None, False
    change = Change(
        name,
        wording.asked(framework, name),
        context_said(now) or _("Pas encore de réponse"),
        context_said(value),
        proposal,
    )
    return change, context_said(now) != str(proposal.seen)


def context_said(value: Any) -> str:
    if isinstance(value, bool):
        return str(YES if value else NO)
    if value == facts.UNKNOWN:
        return str(UNKNOWN)
    return "" if value is None else str(value)


def _answer_change(question: Question, proposal: Proposal, sheet: Sheet) -> tuple[Change | None, bool]:
    standing, latest = sheet.answers.get(question.id), sheet.latest.get(question.id)
    proposed = as_answer(proposal.document)
    if standing and content(standing) == content(proposed):
        return None, False
    conflict = sheet.version(question.id) != proposal.seen
    change = Change(
        question.id,
        question.text["fr"],
        wording.answer(question, standing),
        wording.answer(question, proposed),
        proposal,
        latest if conflict else None,
    )
    return change, conflict


def content(answer: Answer) -> tuple[Any, ...]:
    """What an answer says: the order of several choices and the spaces of a text are of no account."""
    value = sorted(answer.value) if isinstance(answer.value, list) else answer.value
    return answer.state, type(value), value, " ".join(workbook.writable(answer.reason).split())


def as_answer(document: Document) -> Answer:
    """The row that a document would make; not saved."""
    states = {"unknown": AnswerState.UNKNOWN, "not_applicable": AnswerState.NOT_APPLICABLE}
    return Answer(
        state=states[document["state"]] if "state" in document else AnswerState.ANSWERED,
        value=document.get("value"),
        reason=document.get("reason", ""),
    )

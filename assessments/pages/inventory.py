"""The questionnaire of an edition as a page in French: drawn from its framework, never by hand."""

from collections.abc import Iterator, Mapping
from typing import Any

from assessments import wording
from scoring.model import INITIATIVES, OBLIGATION, RECOMMENDED, VOLUNTARY, Framework, Question

NATURES = {OBLIGATION: "obligation", RECOMMENDED: "recommandée", VOLUNTARY: "volontaire"}
KINDS = {"commune": "communes", "epci": "intercommunalités"}
# Where the questionnaire of a commune or of an intercommunality grows.
SIZES = (1, 500, 1_000, 2_000, 3_500, 10_000, 20_000, 50_001)

HEAD = """# Les questions de {year}

Tiré de `assessments/editions/{year}/framework.yaml` par `manage.py draw_questions`, jamais écrit à la main.
[Le référentiel](referentiel.md) dit comment ces questions ont été choisies.
"""


def page(framework: Framework) -> str:
    """The whole page, in Markdown."""
    lines = [HEAD.format(year=framework.edition), *_facts(framework), *_sizes(framework)]
    for axis in framework.axes:
        lines += _axis(framework, axis.id, axis.title["fr"])
    lines += _obligations(framework)
    return "\n".join(lines) + "\n"


def _facts(framework: Framework) -> Iterator[str]:
    yield from ("## Ce qui est demandé une seule fois", "", "| n° | question |", "| --- | --- |")
    for number, fact in enumerate(framework.facts.values(), 1):
        yield f"| {number} | {(fact.text or {})['fr']} |"
    yield ""


def _sizes(framework: Framework) -> Iterator[str]:
    yield from (
        "## Combien de questions, combien d’obligations",
        "",
        "Au plus, toutes les réponses du tableau précédent étant « oui ».",
        "",
        "| habitants"
        + " | à répondre, commune | initiatives | obligations"
        + " | à répondre, intercommunalité | initiatives | obligations |",
        "| ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    )
    for size in SIZES:
        cells = [cell for kind in KINDS for cell in _counts(framework, kind, size)]
        yield f"| {wording.number(size)} | " + " | ".join(map(str, cells)) + " |"
    yield ""


def _counts(framework: Framework, kind: str, size: int) -> tuple[int, int, int]:
    context = {"kind": kind, "population": size, **dict.fromkeys(framework.facts, True)}
    asked = [question for question in framework.questions if _applies(question, context)]
    initiatives = sum(question.kind == INITIATIVES for question in asked)
    return len(asked) - initiatives, initiatives, sum(question.nature == OBLIGATION for question in asked)


def _axis(framework: Framework, axis: str, title: str) -> Iterator[str]:
    of_axis = [question for question in framework.questions if question.axis == axis]
    yield from (f"## {title}", "", "| question | enjeu | nature | points | à qui |", "| --- | --- | --- | ---: | --- |")
    for question in of_axis:
        issue = framework.issue_by_id[question.issue].title["fr"]
        nature = NATURES[question.nature]
        nature += ", confidentielle" if question.confidential else ""
        nature += ", question d’entrée" if question.express else ""
        cells = (f"{question.id}, {_short(question)}", issue, nature, question.points, _to_whom(framework, question))
        yield f"| {' | '.join(map(str, cells))} |"
    yield ""


def _obligations(framework: Framework) -> Iterator[str]:
    yield from ("## Les obligations et leurs sources", "")
    for question in framework.questions:
        if question.nature == OBLIGATION:
            sources = (
                f"[{reference.title}]({reference.url})" if reference.url else reference.title
                for reference in question.references
            )
            yield f"- **{question.id}, {_short(question)}** : {' ; '.join(sources)}."


def _to_whom(framework: Framework, question: Question) -> str:
    """« dès 500 habitants, si 1 »: sizes and kinds as the rule gives them, facts by their number."""
    if question.rule is None:
        return "toutes"
    asked = {kind: [size for size in SIZES if _may_be_asked(framework, question, kind, size)] for kind in KINDS}
    kinds = [kind for kind in KINDS if asked[kind]]
    parts = [] if len(kinds) == len(KINDS) else [KINDS[kind] for kind in kinds]
    firsts = {asked[kind][0] for kind in kinds}
    if len(firsts) > 1:
        parts.append(" ; ".join(f"{KINDS[kind]} {_from(asked[kind][0])}".strip() for kind in kinds))
    elif firsts != {SIZES[0]}:
        parts.append(_from(firsts.pop()))
    if all(SIZES[-1] not in asked[kind] for kind in kinds):
        parts.append("jusqu’à 50 000 habitants")
    facts = [str(number) for number, name in enumerate(framework.facts, 1) if name in question.rule.names]
    if facts:
        parts.append("selon la réponse " + " et ".join(facts))
    return ", ".join(parts) or "toutes"


def _from(size: int) -> str:
    if size == SIZES[0]:
        return "de toute taille"
    return f"au-delà de {wording.number(size - 1)} habitants" if size % 10 else f"dès {wording.number(size)} habitants"


def _may_be_asked(framework: Framework, question: Question, kind: str, size: int) -> bool:
    """With every fact true, or with one of them false."""
    true = {"kind": kind, "population": size, **dict.fromkeys(framework.facts, True)}
    return any(_applies(question, context) for context in (true, *({**true, name: False} for name in framework.facts)))


def _applies(question: Question, context: Mapping[str, Any]) -> bool:
    return question.rule is None or question.rule.verdict(context, {}) is True


def _short(question: Question) -> str:
    return (question.short or question.text)["fr"]

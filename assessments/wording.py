"""Answers, natures, numbers and rules in the words of the people who read them.

The one voice: pages of the commune and of the jury, public copies, papers and the workbook say what is here."""

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from assessments.models import Initiative
from documents import french
from scoring import claims as claimed
from scoring import display, facts
from scoring.credits import FULL
from scoring.engine import Result
from scoring.grammar import Among, And, Compare, Credit, Literal, Name, Node, Not, Or, Value
from scoring.model import (
    BOOLEAN,
    CHOICE,
    INITIATIVES,
    MATURITY,
    MULTIPLE,
    NUMBER,
    OBLIGATION,
    Fact,
    Framework,
    Level,
    Question,
)
from scoring.parts import Part
from scoring.rules import Rule

_EMPTY: tuple[Any, ...] = (None, "", [])


class ContextWords(NamedTuple):
    """A declared name: what the applicant is asked, and how a rule says yes and no."""

    question: Any
    yes: Any
    no: Any


CONTEXT: dict[str, ContextWords] = {
    "has_website": ContextWords(
        lazy("Avez-vous un site internet ?"),
        lazy("vous avez un site internet"),
        lazy("vous n’avez pas de site internet"),
    ),
    "has_video": ContextWords(
        lazy("Publiez-vous des vidéos (séances du conseil, informations) ?"),
        lazy("vous publiez des vidéos"),
        lazy("vous ne publiez pas de vidéo"),
    ),
    "has_schools": ContextWords(
        lazy("Avez-vous la charge d’une ou de plusieurs écoles ?"),
        lazy("vous avez la charge d’écoles"),
        lazy("vous n’avez pas la charge d’une école"),
    ),
    "has_maternity": ContextWords(
        lazy("Y a-t-il, ou y a-t-il eu, une maternité sur votre commune ?"),
        lazy("la commune a, ou a eu, une maternité"),
        lazy("la commune n’a pas eu de maternité"),
    ),
    "has_id_desk": ContextWords(
        lazy("Recevez-vous les demandes de cartes d’identité et de passeports (dispositif de recueil) ?"),
        lazy("vous recevez les demandes de cartes d’identité et de passeports"),
        lazy("vous ne recevez pas les demandes de cartes d’identité et de passeports"),
    ),
    "exposed_to_major_risk": ContextWords(
        lazy(
            "Votre commune doit-elle avoir un plan communal de sauvegarde "
            "(inondation, séisme, feu de forêt, volcan, cyclone…) ?"
        ),
        lazy("la commune doit avoir un plan communal de sauvegarde"),
        lazy("la commune n’a pas à avoir de plan communal de sauvegarde"),
    ),
    "fifty_agents": ContextWords(
        lazy("Employez-vous au moins 50 agents, en équivalent temps plein ?"),
        lazy("vous employez au moins 50 agents"),
        lazy("vous employez moins de 50 agents"),
    ),
    "large_contracts": ContextWords(
        lazy("Avez-vous passé, depuis deux ans, un marché de 40 000 € hors taxes ou plus ?"),
        lazy("vous avez passé un marché de 40 000 € ou plus"),
        lazy("vous n’avez pas passé de marché de 40 000 € ou plus"),
    ),
}


# The words of questionnaires of schema 1; later ones bring their own.
MATURITY_STEPS = (
    lazy("Rien d’engagé"),
    lazy("En projet"),
    lazy("En cours de mise en place"),
    lazy("En place"),
    lazy("En place, évalué et amélioré"),
)
NATURES = {
    "obligation": lazy("Obligation légale"),
    "recommended": lazy("Bonne pratique reconnue"),
    "voluntary": lazy("Démarche volontaire"),
}


class Said(Protocol):
    """An answer, as a row of ours or as the engine reads it. `state`: None or "answered" beside a value."""

    @property
    def state(self) -> str | None: ...
    @property
    def value(self) -> Any: ...
    @property
    def reason(self) -> str: ...


def nature(question: Question) -> str:
    return str(NATURES[question.nature])


def values(question: Question) -> list[tuple[Any, str]]:
    """The values that a question offers, with their words; none for a number."""
    if question.kind == BOOLEAN:
        return [(True, _("Oui")), (False, _("Non"))]
    if question.kind == MATURITY:
        steps = [words["fr"] for words in question.steps] or map(str, MATURITY_STEPS)
        return list(enumerate(steps))
    if question.kind in (CHOICE, MULTIPLE):
        return [(option.id, option.text["fr"]) for option in question.options]
    return []


def value(question: Question, value: Any) -> str:
    """« Oui », « 3 bornes », « Par courrier ; au guichet »; for initiatives the number of those that count."""
    if question.kind == INITIATIVES:
        return ngettext("%(n)s initiative comptée", "%(n)s initiatives comptées", value) % {"n": number(value)}
    if question.kind == NUMBER:
        return f"{display.fixed(value, question.decimals)} {question.unit['fr'] if question.unit else ''}".strip()
    labels = dict(values(question))
    if question.kind == MULTIPLE:
        chosen = [label for code, label in labels.items() if code in value]
        # Not a comma: labels have some.
        return " ; ".join(chosen) if chosen else _("Aucune de ces réponses")
    return str(labels.get(value, value))


def answer(question: Question, said: Said | None) -> str:
    """An answer in words, its reason included: « Pas concerné : pas d’école »; « Sans réponse » for none."""
    if said is None:
        return value(question, 0) if question.kind == INITIATIVES else _("Sans réponse")
    if said.state == "cleared":
        return _("Sans réponse")
    if said.state == "unknown":
        return _("Je ne sais pas")
    if said.state == "not_applicable":
        return _("Pas concerné : %(reason)s") % {"reason": said.reason} if said.reason else _("Pas concerné")
    return value(question, said.value)


class OnPaper(NamedTuple):
    """A question as a paper asks it. `about`: its axis, its nature, its condition; `unit` for a number only; no choice
    nor unit for one that counts initiatives."""

    code: str
    text: str
    about: str
    help: str
    proof: str
    choices: tuple[str, ...]
    several: bool
    unit: str


def on_paper(framework: Framework, question: Question, *, conditional: bool = True) -> OnPaper:
    """`conditional`: False where it is known that the question is asked."""
    about = [framework.axis_by_id[question.axis].title["fr"], nature(question)]
    if question.confidential:
        about.append(_("jamais publiée"))
    if conditional and question.rule:
        about.append(_("à remplir si %(rule)s") % {"rule": rule(question)})
    return OnPaper(
        code=question.id,
        text=question.text["fr"],
        about=" · ".join(about),
        help=question.help["fr"] if question.help else "",
        proof=question.evidence_hint["fr"] if question.evidence_hint else "",
        choices=tuple(label for _value, label in values(question)),
        several=question.kind == MULTIPLE,
        unit=(question.unit["fr"] if question.unit else _("nombre")) if question.kind == NUMBER else "",
    )


def fact_on_paper(framework: Framework, name: str) -> OnPaper:
    """What is asked once about the territory."""
    kind = framework.context[name]
    return OnPaper(
        code="",
        text=asked(framework, name),
        about="",
        help=asked_help(framework, name),
        proof="",
        choices=(_("Oui"), _("Non")) if kind == "boolean" else (),
        several=False,
        unit={"integer": _("nombre"), "string": _("en quelques mots")}.get(kind, ""),
    )


SINGULAR_UNDER = 20  # tenths: « 1,9 point », « 2 points »


def percent(ratio: Fraction | None) -> str:
    """« 52,4 % »; a dash where nothing could be earned."""
    return "–" if ratio is None else display.percent(ratio)


def whole_percent(ratio: Fraction | None) -> str:
    """« 52 % », where there is no room for more; a dash where nothing could be earned."""
    return "–" if ratio is None else f"{100 * ratio.numerator // ratio.denominator}\u202f%"


def gain(ratio: Fraction) -> str:
    """What is added to a score out of a hundred: « + 1,4 point », « + 2,3 points »."""
    return "+\u202f" + gap(ratio)


def gap(ratio: Fraction) -> str:
    """A difference between scores out of a hundred: « 1,4 point »."""
    return _points_of_percentage(display.tenths(ratio * 100))


def lacking(ratio: Fraction) -> str:
    """What a score out of a hundred still needs, rounded up: « 0,1 point »."""
    return _points_of_percentage(display.tenths_up(ratio * 100))


def _points_of_percentage(tenths: int) -> str:
    words = _("%(n)s points") if tenths >= SINGULAR_UNDER else _("%(n)s point")
    return words % {"n": display.decimal(tenths)}


def if_accepted(result: Result, *, own: bool = True) -> str:
    """Both figures: « 52,3 %, et 58,9 % si le jury accepte vos 4 « pas concerné ». »; nothing when none of them waits.
    `own`: said to the territory itself."""
    claims = claimed.if_accepted(result)
    if claims is None:
        return ""
    if own:
        words = ngettext(
            "%(now)s, et %(overall)s si le jury accepte votre « pas concerné ».",
            "%(now)s, et %(overall)s si le jury accepte vos %(n)s « pas concerné ».",
            claims.pending,
        )
    else:
        words = ngettext(
            "%(now)s, et %(overall)s si le jury accepte son « pas concerné ».",
            "%(now)s, et %(overall)s si le jury accepte ses %(n)s « pas concerné ».",
            claims.pending,
        )
    figures = {"now": percent(result.overall), "overall": percent(claims.overall)}
    return words % {**figures, "n": claims.pending}


def obligations_lacking(result: Result, level: Level) -> str:
    """What a level asks of the obligations and the file lacks: « 8 obligations prouvées sur 17 ; 5 le sont »."""
    met, total = result.obligations
    asked = -(-level.min_obligations * total // 100)
    if met >= asked:
        return ""
    wanted = ngettext("%(n)s obligation prouvée sur %(total)s", "%(n)s obligations prouvées sur %(total)s", asked)
    has = ngettext("%(n)s l’est", "%(n)s le sont", met) if met else _("aucune ne l’est")
    return f"{wanted % {'n': asked, 'total': total}} ; {has % {'n': met}}"


def obligations_missed(result: Result, level: Level) -> str:
    """The same in a sentence, each obligation that is not proven named; nothing where the level asks for no more."""
    lacking = obligations_lacking(result, level)
    if not lacking:
        return ""
    lines = (line for line in result.lines if line.question.nature == OBLIGATION and line.possible)
    names = (f"« {title(line.question)} »" for line in lines if line.credit < FULL)
    words = _("Ce niveau demande %(lacking)s. Ne le sont pas : %(names)s.")
    return words % {"lacking": lacking, "names": " ; ".join(names)}


def raised_over(result: Result, level: int) -> str:
    """Of a level above the result's own, the obligations that it asks for and that are not proven, in words."""
    wanted = next((each for each in result.framework.levels if each.level == level), None)
    return obligations_missed(result, wanted) if wanted and level > (result.level or 0) else ""


def title(question: Question) -> str:
    """A question in a list: its short words, where it has some."""
    return (question.short or question.text)["fr"]


# Of a step of a plan, each step up counting 1 to 5: the most that each word is said of.
EFFORTS = ((2, lazy("léger")), (5, lazy("moyen")))


def part(page: Part) -> str:
    """What a page of questions is about."""
    return page.title or _("Les dix premières questions")


def effort(cost: int) -> str:
    return next((str(word) for most, word in EFFORTS if cost <= most), _("soutenu"))


def share(sums: tuple[int, int]) -> Fraction | None:
    """Earned over possible; None when nothing could be earned."""
    earned, possible = sums
    return Fraction(earned, possible) if possible else None


def points(hundredths: int) -> str:
    """Points as they are, without rounding: « 7 », « 7,5 », « 7,25 »."""
    whole, rest = divmod(hundredths, 100)
    return f"{number(whole)},{rest:02d}".rstrip("0") if rest else number(whole)


def points_of(earned: int, possible: int) -> str:
    """« 0 point sur 12 », « 7,5 points sur 12 »."""
    words = ngettext("%(earned)s point sur %(possible)s", "%(earned)s points sur %(possible)s", earned // 100)
    return words % {"earned": points(earned), "possible": points(possible)}


def number(value: int) -> str:
    """« 34 969 »."""
    return display.grouped(value)


def asked(framework: Framework, name: str) -> str:
    """The question about a declared name: the framework's own, ours for schema 1; the name for want of both."""
    if (fact := framework.facts.get(name)) and fact.text:
        return fact.text["fr"]
    return str(CONTEXT[name].question) if name in CONTEXT else name


def told(value: Any) -> str:
    """What was told of the territory: « Oui », « Je ne sais pas », « 3 »."""
    return _("Je ne sais pas") if value == facts.UNKNOWN else fact(value)


def fact(value: Any) -> str:
    """A value as it is kept: « Oui », « 3 », a dash for nothing."""
    if isinstance(value, bool):
        return _("Oui") if value else _("Non")
    return str(value) if value not in (None, "") else "–"


def asked_help(framework: Framework, name: str) -> str:
    """What helps to answer it; nothing when the questionnaire says nothing."""
    words = framework.facts[name].help
    return words["fr"] if words else ""


class Told(NamedTuple):
    """Something told, under its name."""

    label: str
    words: str


def described(row: Initiative, titles: Mapping[str, str]) -> list[Told]:
    """All that an initiative says but its title and its description. `titles`: of the issues and axes, by id."""
    return [
        Told(field(name), field_said(name, value, titles))
        for name in Initiative.WRITTEN
        if name not in ("title", "description", "contact_public") and (value := getattr(row, name)) not in _EMPTY
    ]


def field(name: str) -> str:
    """A field of an initiative, by its name on the form."""
    return _("Enjeux servis") if name == "issues" else capfirst(str(Initiative._meta.get_field(name).verbose_name))  # type: ignore[union-attr]


def field_said(name: str, value: Any, titles: Mapping[str, str]) -> str:
    if value in _EMPTY:
        return _("rien")
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, date):
        return french.day(value)
    if name == "axis":
        return titles.get(value, value)
    if isinstance(value, list):
        return ", ".join(titles.get(issue, issue) for issue in value)
    return str(dict(Initiative._meta.get_field(name).flatchoices).get(value, value))  # type: ignore[union-attr]


def rule(question: Question, seen: Mapping[str, Value | None] | None = None) -> str:
    """A rule in French: « vous avez un site internet et la population est d’au moins 3 500 habitants ».

    With what was `seen` of a territory that it holds for, only the branches that are true."""
    if seen and question.rule:
        return _sentence(question.rule.node, True, question.facts, seen)
    return _said(question, get_language())


def why_not(question: Question, seen: Mapping[str, Value | None]) -> str:
    """Why a rule that says no says so: of its negation what is true of the territory, with what is known of it."""
    known = question.rule
    if known is None:
        return ""
    reason = _sentence(known.node, False, question.facts, seen)
    words = _("parce que %(reason)s") % {"reason": reason}
    population = seen.get("population")
    if isinstance(population, int) and str(_POPULATION) in reason:
        words += " " + _("(population : %(n)s)") % {"n": number(population)}
    return words


_POPULATION = lazy("la population")


@lru_cache(maxsize=4096)  # a report says the rule of every question, the same ones for all
def _said(question: Question, language: str | None) -> str:
    return _sentence(question.rule.node, True, question.facts) if question.rule else ""


def _sentence(
    node: Node, holds: bool, facts: Mapping[str, Fact], seen: Mapping[str, Value | None] | None = None
) -> str:
    """The node when it holds, or its contrary: a negated « et » is an « ou » of negations. With what was `seen`, an
    « ou » keeps only the branches that are true."""
    if isinstance(node, Not):
        return _sentence(node.of, not holds, facts, seen)
    if isinstance(node, (And, Or)):
        every = isinstance(node, And) is holds
        true = [part for part in node.parts if seen and not every and _is(part, seen) is holds]
        joint = _(" et ") if every or true else _(" ou ")
        return _joined((_sentence(part, holds, facts, seen) for part in true or node.parts), joint)
    if isinstance(node, Compare):
        links = [link for link in node.links if seen and not holds and _is(Compare((link,)), seen) is holds]
        joint = _(" et ") if holds or links else _(" ou ")
        return _joined((_link(*link, holds) for link in links or node.links), joint)
    if isinstance(node, Among):
        values = ", ".join(map(str, node.values))
        return f"{_subject(node.operand)} {_in(holds is not node.negated)} {values}"
    if isinstance(node, Name) and node.name in facts and (text := facts[node.name].text):
        words = _("vous avez répondu « oui » à « %(question)s »")
        if not holds:
            words = _("vous avez répondu « non » à « %(question)s »")
        return words % {"question": text["fr"]}
    if isinstance(node, Name) and node.name in CONTEXT:
        return str(CONTEXT[node.name].yes if holds else CONTEXT[node.name].no)
    return _("%(name)s : %(value)s") % {"name": _subject(node), "value": _("oui") if holds else _("non")}


def _is(node: Node, seen: Mapping[str, Value | None]) -> bool | None:
    """Whether a part of a rule held, from what the whole rule saw."""
    part = Rule("", node)
    context = {name: value for name in part.names if (value := seen.get(name)) is not None}
    credits = {name: int(seen[f'credit("{name}")'] or 0) for name in part.questions}
    return part.verdict(context, credits)


def _joined(parts: Iterable[str], joint: str) -> str:
    return joint.join(dict.fromkeys(parts))


def _in(holds: bool) -> str:
    return _("est parmi") if holds else _("n’est pas parmi")


_CONTRARY = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


def _link(left: Node, sign: str, right: Node, holds: bool) -> str:
    """One comparison, its name first whatever the order it was written in."""
    if isinstance(left, Literal):
        left, sign, right = right, _FLIPPED[sign], left
    sign = sign if holds else _CONTRARY[sign]
    if left == Name("kind") and isinstance(right, Literal) and sign in ("==", "!="):
        commune = (right.value == "commune") is (sign == "==")
        return _("vous êtes une commune") if commune else _("vous êtes une intercommunalité")
    return str(_COMPARED[sign]) % {"name": _subject(left), "value": _value(left, right)}


_COMPARED = {
    ">=": lazy("%(name)s est d’au moins %(value)s"),
    ">": lazy("%(name)s dépasse %(value)s"),
    "<=": lazy("%(name)s ne dépasse pas %(value)s"),
    "<": lazy("%(name)s est de moins de %(value)s"),
    "==": lazy("%(name)s est %(value)s"),
    "!=": lazy("%(name)s n’est pas %(value)s"),
}
_SUBJECTS = {
    "population": _POPULATION,
    "department": lazy("le département"),
    "region": lazy("la région"),
    "overseas": lazy("l’outre-mer"),
}


def _subject(node: Node) -> str:
    if isinstance(node, Credit):
        return _("le crédit de %(question)s") % {"question": node.question}
    name = node.name if isinstance(node, Name) else str(getattr(node, "value", ""))
    return str(_SUBJECTS.get(name, name))


def _value(left: Node, right: Node) -> str:
    value = right.value if isinstance(right, Literal) else _subject(right)
    if isinstance(value, int) and not isinstance(value, bool):
        value = number(value)
        return _("%(n)s habitants") % {"n": value} if left == Name("population") else value
    return str(value)

"""The shape of a framework: from a plain value to a `Framework`, every fault noted on the way.

Schema 1 is that of past editions, replayed for ever; what schema 2 asks besides stands under `self.two`.
"""

from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Any
from unicodedata import normalize

from scoring.credits import FULL, HIGHEST_MATURITY
from scoring.faults import Faults, Path
from scoring.grammar import RuleError, is_name
from scoring.model import (
    CHOICE,
    INITIATIVES,
    KINDS,
    MATURITY,
    MULTIPLE,
    NATURES,
    NUMBER,
    OBLIGATION,
    Axis,
    Eligibility,
    Fact,
    Framework,
    Issue,
    Level,
    Option,
    Question,
    Reference,
    Text,
)
from scoring.rules import CONTEXT, TYPES, Rule, compile_rule
from scoring.texts import MAX_INTEGER
from scoring.typed import Typed, is_integer

SCHEMAS = (1, 2)
MAX_EXPRESS = 10
LONGEST_SHORT = 60
REQUIREMENTS = ("dates", "operator", "proof")

_FRAMEWORK = ("schema", "id", "edition", "title", "axes", "issues", "questions", "levels")
_QUESTION = ("id", "axis", "issue", "text", "kind", "points", "nature")
_OPTIONAL = ("help", "evidence_hint", "references", "applies_when", "effort", "express", "confidential")
_OF_KIND = {CHOICE: ("options",), MULTIPLE: ("options",), NUMBER: ("unit", "scale"), INITIATIVES: ("credits",)}
_ELIGIBILITY = ("min_description", "max_issues", "max_age_years", "requires")


def build(document: Any, faults: Faults) -> Framework:
    """The framework of a document, without its hash. It means something only if no fault was found."""
    return _Schema(document, faults).framework()


class _Schema:
    """Walks one document from its top, one method for each part of it."""

    def __init__(self, document: Any, faults: Faults) -> None:
        self.document = document
        self.typed = Typed(faults)
        self.fault = faults.add

    def framework(self) -> Framework:
        typed = self.typed
        said = self.document.get("schema") if isinstance(self.document, dict) else None
        self.two = is_integer(said) and said == 2
        optional = ("context", "maturity", "initiatives") if self.two else ("context",)
        top = typed.entries(self.document, (), _FRAMEWORK, optional)
        schema = typed.integer(top["schema"], ("schema",), SCHEMAS[0], SCHEMAS[-1])
        facts = self._facts(top.get("context", {}))
        self.facts, self.context = facts, {name: fact.type for name, fact in facts.items()}
        self.steps = self._maturity(top["maturity"]) if self.two and "maturity" in top else ()
        axes = self._axes(top["axes"])
        self.axes = {axis.id for axis in axes}
        issues = self._issues(top["issues"])
        self.issues = {issue.id for issue in issues}
        questions = self._questions(top["questions"])
        if self.two:
            self._check_needs(top, questions)
            self._check_pools(questions)
        return Framework(
            schema=schema,
            id=typed.identifier(top["id"], ("id",)),
            edition=typed.integer(top["edition"], ("edition",)),
            title=typed.text(top["title"], ("title",)),
            facts=facts,
            maturity=self.steps,
            eligibility=self._eligibility(top["initiatives"]) if self.two and "initiatives" in top else None,
            axes=axes,
            issues=issues,
            questions=questions,
            levels=self._levels(top["levels"]),
            by_dependency=self._by_dependency(questions),
            document=self.document,
            hash="",
        )

    def _facts(self, value: Any) -> dict[str, Fact]:
        declared = {}
        for path, name, item in self.typed.mapping(value, ("context",)):
            declared[name] = self._fact(item, path)
            if not is_name(name):
                self.fault(path, "ce nom n’est pas permis.", "Des minuscules sans accent, des chiffres et « _ ».")
            elif name in CONTEXT:
                self.fault(path, "ce nom existe déjà dans tout référentiel.", "Choisissez-en un autre.")
        return declared

    def _fact(self, value: Any, path: Path) -> Fact:
        typed = self.typed
        if not self.two:
            return Fact(typed.one_of(value, path, TYPES, "un type"))
        entry = typed.entries(value, path, ("type", "text"), ("help",))
        return Fact(
            typed.one_of(entry["type"], (*path, "type"), TYPES, "un type"),
            typed.text(entry["text"], (*path, "text")),
            typed.text(entry["help"], (*path, "help")) if "help" in entry else None,
        )

    def _maturity(self, value: Any) -> tuple[Text, ...]:
        words = [self.typed.text(item, path) for path, item in self.typed.items(value, ("maturity",))]
        if isinstance(value, list) and len(words) != HIGHEST_MATURITY + 1:
            what = f"la liste a {len(words)} élément(s)."
            self.fault(("maturity",), what, f"Nommez les {HIGHEST_MATURITY + 1} paliers, du premier au dernier.")
        return tuple(words)

    def _eligibility(self, value: Any) -> Eligibility:
        typed, path = self.typed, ("initiatives",)
        entry = typed.entries(value, path, _ELIGIBILITY)
        requires = [
            typed.one_of(item, below, REQUIREMENTS, "une exigence")
            for below, item in typed.items(entry["requires"], (*path, "requires"))
        ]
        if len(set(requires)) < len(requires):
            self.fault((*path, "requires"), "une exigence est dite deux fois.", "Gardez-la une fois.")
        return Eligibility(
            typed.integer(entry["min_description"], (*path, "min_description"), 0, 10_000),
            typed.integer(entry["max_issues"], (*path, "max_issues"), 1, 10),
            typed.integer(entry["max_age_years"], (*path, "max_age_years"), 0, 50),
            tuple(requires),
        )

    def _check_needs(self, top: Mapping[str, Any], questions: Sequence[Question]) -> None:
        """What the kinds of the questions make necessary."""
        kinds = {question.kind for question in questions}
        for key, kind in (("maturity", MATURITY), ("initiatives", INITIATIVES)):
            if kind in kinds and key not in top:
                what = f"la clé « {key} » manque, et une question est de la sorte « {kind} »."
                self.fault((), what, "Ajoutez-la.")

    def _check_pools(self, questions: Sequence[Question]) -> None:
        """The initiatives of an issue and an axis are counted by one question at most."""
        seen = set()
        for index, question in enumerate(questions):
            if question.kind != INITIATIVES:
                continue
            pool = question.issue, question.axis
            if pool in seen:
                what = "une autre question compte déjà les initiatives de cet enjeu et de cet axe."
                self.fault(("questions", index), what, "Gardez l’une des deux.")
            seen.add(pool)

    def _axes(self, value: Any) -> tuple[Axis, ...]:
        axes = [self._axis(item, path) for path, item in self.typed.items(value, ("axes",), minimum=1)]
        self.typed.unique([axis.id for axis in axes], ("axes",))
        if axes and all(isinstance(item, dict) and item.get("weight") == 0 for item in value):
            self.fault(("axes",), "tous les poids (« weight ») sont nuls.", "Donnez un poids à un axe au moins.")
        return tuple(axes)

    def _axis(self, value: Any, path: Path) -> Axis:
        entry = self.typed.entries(value, path, ("id", "title", "weight"))
        return Axis(
            self.typed.identifier(entry["id"], (*path, "id")),
            self.typed.text(entry["title"], (*path, "title")),
            self.typed.integer(entry["weight"], (*path, "weight"), 0, 1000),
        )

    def _issues(self, value: Any) -> tuple[Issue, ...]:
        issues = []
        for path, item in self.typed.items(value, ("issues",), minimum=1):
            entry = self.typed.entries(item, path, ("id", "title"))
            identifier = self.typed.identifier(entry["id"], (*path, "id"))
            issues.append(Issue(identifier, self.typed.text(entry["title"], (*path, "title"))))
        self.typed.unique([issue.id for issue in issues], ("issues",))
        return tuple(issues)

    def _questions(self, value: Any) -> tuple[Question, ...]:
        items = list(self.typed.items(value, ("questions",), minimum=1))
        ids = [item.get("id") if isinstance(item, dict) else None for _, item in items]
        self.question_ids = {name for name in ids if isinstance(name, str)}
        questions = [self._question(item, path) for path, item in items]
        self.typed.unique([question.id for question in questions], ("questions",))
        express = [index for index, question in enumerate(questions) if question.express]
        for index in express[MAX_EXPRESS:]:
            what = f"le parcours d’entrée a déjà {MAX_EXPRESS} questions."
            self.fault(("questions", index, "express"), what, "Retirez « express » de l’une d’elles.")
        return tuple(questions)

    def _question(self, value: Any, path: Path) -> Question:
        typed = self.typed
        kind = value.get("kind") if isinstance(value, dict) else None
        own = _OF_KIND.get(kind, ()) if isinstance(kind, str) else ()
        optional = _OPTIONAL if kind == INITIATIVES else (*_OPTIONAL, "unproven_credit")
        if self.two:
            optional = (*optional, "short")
        if self.two and kind == NUMBER:
            own = (*own, "min", "max")
            optional = (*optional, "decimals")
        if kind not in KINDS:
            optional = (*optional, "options", "unit", "scale", "credits")
        entry = typed.entries(value, path, (*_QUESTION, *own), optional)

        low, high = self._bounds(entry, path) if "min" in own else (None, None)

        def text(key: str) -> Mapping[str, str] | None:
            return typed.text(entry[key], (*path, key)) if key in entry else None

        rule = self._rule(entry["applies_when"], (*path, "applies_when")) if "applies_when" in entry else None
        question = Question(
            id=typed.identifier(entry["id"], (*path, "id")),
            axis=typed.one_of(entry["axis"], (*path, "axis"), self.axes, "un axe"),
            issue=typed.one_of(entry["issue"], (*path, "issue"), self.issues, "un enjeu"),
            text=typed.text(entry["text"], (*path, "text")),
            kind=typed.one_of(entry["kind"], (*path, "kind"), KINDS, "une sorte de question"),
            points=typed.integer(entry["points"], (*path, "points"), self._fewest_points(entry), 1000),
            nature=typed.one_of(entry["nature"], (*path, "nature"), NATURES, "une nature"),
            help=text("help"),
            evidence_hint=text("evidence_hint"),
            references=self._references(entry.get("references", []), (*path, "references")),
            applies_when=entry.get("applies_when"),
            rule=rule,
            unproven_credit=typed.integer(entry.get("unproven_credit", 100), (*path, "unproven_credit"), 0, 100),
            effort=typed.integer(entry.get("effort", 1), (*path, "effort"), 1, 5),
            express=typed.boolean(entry.get("express", False), (*path, "express")),
            confidential=typed.boolean(entry.get("confidential", False), (*path, "confidential")),
            options=self._options(entry["options"], (*path, "options"), kind) if "options" in own else (),
            unit=text("unit") if "unit" in own else None,
            scale=self._scale(entry["scale"], (*path, "scale"), low, high) if "scale" in own else (),
            low=low,
            high=high,
            decimals=typed.integer(entry.get("decimals", 0), (*path, "decimals"), 0, 3),
            short=self._short(entry["short"], (*path, "short")) if "short" in entry else None,
            steps=self.steps if kind == MATURITY else (),
            facts={name: self.facts[name] for name in (rule.names if rule else ()) if name in self.facts},
            credits=self._credits(entry["credits"], (*path, "credits")) if "credits" in own else (),
        )
        if self.two and _never_full(question):
            self.fault(path, "aucune réponse ne vaut 100.", "Donnez 100 à la meilleure.")
        return question

    def _fewest_points(self, entry: Mapping[str, Any]) -> int:
        """An obligation that weighs nothing could gate no level."""
        return int(self.two and entry["nature"] == OBLIGATION)

    def _bounds(self, entry: Mapping[str, Any], path: Path) -> tuple[int, int]:
        low = self.typed.integer(entry["min"], (*path, "min"))
        high = self.typed.integer(entry["max"], (*path, "max"))
        if is_integer(entry["min"]) and is_integer(entry["max"]) and low >= high:
            self.fault((*path, "max"), f"{high} ne dépasse pas « min » ({low}).", "Écrivez « min » avant « max ».")
        return low, high

    def _short(self, value: Any, path: Path) -> Text:
        texts = self.typed.text(value, path)
        for language, words in texts.items():
            length = len(normalize("NFC", words))
            if length > LONGEST_SHORT:
                what = f"ce libellé a {length} caractères."
                self.fault((*path, language), what, f"Tenez-le en {LONGEST_SHORT} au plus.")
        return texts

    def _references(self, value: Any, path: Path) -> tuple[Reference, ...]:
        references = []
        for below, item in self.typed.items(value, path):
            entry = self.typed.entries(item, below, ("title",), ("url",))
            url = self.typed.string(entry["url"], (*below, "url")) if "url" in entry else None
            references.append(Reference(self.typed.string(entry["title"], (*below, "title")), url))
        return tuple(references)

    def _rule(self, value: Any, path: Path) -> Rule | None:
        source = self.typed.string(value, path)
        if not isinstance(value, str):
            return None
        try:
            rule = compile_rule(source, CONTEXT | self.context, self.question_ids)
        except RuleError as error:
            for what, mend in error.faults:
                self.fault(path, what, mend)
            return None
        if self.two and rule.questions:
            what = f"la règle lit la réponse à une autre question ({', '.join(rule.questions)})."
            self.fault(path, what, "Demandez le fait sous « context », ou faites-en une réponse de la même question.")
        return rule

    def _credit(self, value: Any, path: Path) -> int:
        return self.typed.integer(value, path, 0, 100)

    def _options(self, value: Any, path: Path, kind: Any) -> tuple[Option, ...]:
        options = []
        for below, item in self.typed.items(value, path, minimum=1):
            entry = self.typed.entries(item, below, ("id", "text", "credit"), ("effort",) if self.two else ())
            identifier = self.typed.identifier(entry["id"], (*below, "id"))
            text = self.typed.text(entry["text"], (*below, "text"))
            credit = self._credit(entry["credit"], (*below, "credit"))
            effort = self.typed.integer(entry["effort"], (*below, "effort"), 1, 5) if "effort" in entry else None
            options.append(Option(identifier, text, credit, effort))
        self.typed.unique([option.id for option in options], path)
        if not self.two and kind == CHOICE and options and not any(option.credit == 100 for option in options):
            self.fault(path, "aucune réponse ne vaut 100.", "Donnez « credit: 100 » à la meilleure.")
        return tuple(options)

    def _scale(self, value: Any, path: Path, low: int | None, high: int | None) -> tuple[tuple[int, int], ...]:
        least = -MAX_INTEGER if low is None else low
        most = MAX_INTEGER if high is None else max(high, least)
        points = []
        raw, paths = [], []
        for below, item in self.typed.items(value, path, minimum=2):
            pair = item if isinstance(item, list) and len(item) == 2 else None
            if pair is None:
                self.fault(below, "ce n’est pas un point de l’échelle.", "Écrivez [valeur, crédit].")
                continue
            raw.append(pair[0])
            paths.append(below)
            points.append((self.typed.integer(pair[0], (*below, 0), least, most), self._credit(pair[1], (*below, 1))))
        self.typed.increasing(raw, paths, strictly=True)
        return tuple(points)

    def _credits(self, value: Any, path: Path) -> tuple[int, ...]:
        items = list(self.typed.items(value, path, minimum=1))
        self.typed.increasing([item for _, item in items], [below for below, _ in items])
        return tuple(self._credit(item, below) for below, item in items)

    def _levels(self, value: Any) -> tuple[Level, ...]:
        items = list(self.typed.items(value, ("levels",), minimum=1))
        optional = ("min_axis", "min_obligations") if self.two else ("min_axis",)
        entries = [self.typed.entries(item, path, ("level", "min_overall"), optional) for path, item in items]
        levels = []
        for number, entry in enumerate(entries, 1):
            path: Path = ("levels", number - 1)
            self.typed.integer(entry["level"], (*path, "level"), number, number)
            overall = self.typed.integer(entry["min_overall"], (*path, "min_overall"), 0, 100)
            axis = self.typed.integer(entry.get("min_axis", 0), (*path, "min_axis"), 0, 100)
            obligations = self.typed.integer(entry.get("min_obligations", 0), (*path, "min_obligations"), 0, 100)
            levels.append(Level(number, overall, axis, obligations))
        self._check_levels(entries)
        return tuple(levels)

    def _check_levels(self, entries: Sequence[Mapping[str, Any]]) -> None:
        first = entries[0] if entries else {}
        asked = first.get("min_overall")
        if is_integer(asked) and not self.two and asked != 0:
            self.fault(("levels", 0, "min_overall"), "le niveau 1 ne demande rien.", "Écrivez « min_overall: 0 ».")
        if is_integer(asked) and self.two and asked == 0:
            what = "le niveau 1 demande quelque chose : en deçà, un dossier n’a pas d’arobase."
            self.fault(("levels", 0, "min_overall"), what, "Écrivez un entier de 1 à 100.")
        if "min_axis" in first:
            self.fault(("levels", 0, "min_axis"), "le niveau 1 n’a pas de minimum par axe.", "Retirez-le.")
        if self.two and "min_obligations" in first:
            self.fault(("levels", 0, "min_obligations"), "le niveau 1 n’exige pas d’obligations.", "Retirez-le.")
        for key, default in (("min_overall", None), ("min_axis", 0), ("min_obligations", 0)):
            paths = [("levels", index, key) for index in range(len(entries))]
            self.typed.increasing([entry.get(key, default) for entry in entries], paths)

    def _by_dependency(self, questions: Sequence[Question]) -> tuple[Question, ...]:
        """The questions, each after those that its rule mentions; every cycle is a fault."""
        by_id = {question.id: question for question in questions}
        needs = {question.id: question.rule.questions if question.rule else () for question in by_id.values()}
        while True:
            try:
                order = TopologicalSorter(needs).static_order()
                return tuple(by_id[name] for name in order if name in by_id)
            except CycleError as error:
                cycle = error.args[1][::-1]
            index = next(index for index, question in enumerate(questions) if question.id == cycle[0])
            what = f"les règles tournent en rond : {' → '.join(cycle)}."
            self.fault(("questions", index, "applies_when"), what, "Rompez la boucle.")
            needs[cycle[0]] = ()


def _never_full(question: Question) -> bool:
    """Whether no answer gives every point. A list that lacks was reported before."""
    if question.kind == MULTIPLE:
        worths = [sum(option.credit for option in question.options)] if question.options else []
    else:
        worths = [option.credit for option in question.options]
        worths += [credit for _, credit in question.scale]
        worths += question.credits[-1:]
    return bool(worths) and max(worths) < FULL

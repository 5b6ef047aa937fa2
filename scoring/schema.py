"""The shape of a framework, schema 1: from a plain value to a `Framework`, every fault noted on the way."""

from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Any

from scoring.faults import Faults, Path
from scoring.grammar import RuleError, is_name
from scoring.model import (
    CHOICE,
    INITIATIVES,
    KINDS,
    MULTIPLE,
    NATURES,
    NUMBER,
    Axis,
    Framework,
    Issue,
    Level,
    Option,
    Question,
    Reference,
)
from scoring.rules import CONTEXT, TYPES, Rule, compile_rule
from scoring.shape import Shape, is_integer

MAX_EXPRESS = 10

_FRAMEWORK = ("schema", "id", "edition", "title", "axes", "issues", "questions", "levels")
_QUESTION = ("id", "axis", "issue", "text", "kind", "points", "nature")
_OPTIONAL = ("help", "evidence_hint", "references", "applies_when", "effort", "express", "confidential")
_OF_KIND = {CHOICE: ("options",), MULTIPLE: ("options",), NUMBER: ("unit", "scale"), INITIATIVES: ("credits",)}


def build(document: Any, faults: Faults) -> Framework:
    """The framework of a document, without its hash. It means something only if no fault was found."""
    return _Schema(document, faults).framework()


class _Schema:
    """Walks one document from its top, one method for each part of it."""

    def __init__(self, document: Any, faults: Faults) -> None:
        self.document = document
        self.shape = Shape(faults)
        self.fault = faults.add

    def framework(self) -> Framework:
        shape = self.shape
        top = shape.entries(self.document, (), _FRAMEWORK, ("context",))
        shape.integer(top["schema"], ("schema",), 1, 1)
        self.context = self._context(top.get("context", {}))
        axes = self._axes(top["axes"])
        self.axes = {axis.id for axis in axes}
        issues = self._issues(top["issues"])
        self.issues = {issue.id for issue in issues}
        questions = self._questions(top["questions"])
        return Framework(
            id=shape.identifier(top["id"], ("id",)),
            edition=shape.integer(top["edition"], ("edition",)),
            title=shape.text(top["title"], ("title",)),
            context=self.context,
            axes=axes,
            issues=issues,
            questions=questions,
            levels=self._levels(top["levels"]),
            by_dependency=self._by_dependency(questions),
            document=self.document,
            hash="",
        )

    def _context(self, value: Any) -> dict[str, str]:
        declared = {}
        for path, name, kind in self.shape.mapping(value, ("context",)):
            declared[name] = self.shape.one_of(kind, path, TYPES, "un type")
            if not is_name(name):
                self.fault(path, "ce nom n’est pas permis.", "Des minuscules sans accent, des chiffres et « _ ».")
            elif name in CONTEXT:
                self.fault(path, "ce nom existe déjà dans tout référentiel.", "Choisissez-en un autre.")
        return declared

    def _axes(self, value: Any) -> tuple[Axis, ...]:
        axes = [self._axis(item, path) for path, item in self.shape.items(value, ("axes",), minimum=1)]
        self.shape.unique([axis.id for axis in axes], ("axes",))
        if axes and all(isinstance(item, dict) and item.get("weight") == 0 for item in value):
            self.fault(("axes",), "tous les poids (« weight ») sont nuls.", "Donnez un poids à un axe au moins.")
        return tuple(axes)

    def _axis(self, value: Any, path: Path) -> Axis:
        entry = self.shape.entries(value, path, ("id", "title", "weight"))
        return Axis(
            self.shape.identifier(entry["id"], (*path, "id")),
            self.shape.text(entry["title"], (*path, "title")),
            self.shape.integer(entry["weight"], (*path, "weight"), 0, 1000),
        )

    def _issues(self, value: Any) -> tuple[Issue, ...]:
        issues = []
        for path, item in self.shape.items(value, ("issues",), minimum=1):
            entry = self.shape.entries(item, path, ("id", "title"))
            identifier = self.shape.identifier(entry["id"], (*path, "id"))
            issues.append(Issue(identifier, self.shape.text(entry["title"], (*path, "title"))))
        self.shape.unique([issue.id for issue in issues], ("issues",))
        return tuple(issues)

    def _questions(self, value: Any) -> tuple[Question, ...]:
        items = list(self.shape.items(value, ("questions",), minimum=1))
        ids = [item.get("id") if isinstance(item, dict) else None for _, item in items]
        self.question_ids = {name for name in ids if isinstance(name, str)}
        questions = [self._question(item, path) for path, item in items]
        self.shape.unique([question.id for question in questions], ("questions",))
        express = [index for index, question in enumerate(questions) if question.express]
        for index in express[MAX_EXPRESS:]:
            what = f"le parcours d’entrée a déjà {MAX_EXPRESS} questions."
            self.fault(("questions", index, "express"), what, "Retirez « express » de l’une d’elles.")
        return tuple(questions)

    def _question(self, value: Any, path: Path) -> Question:
        shape = self.shape
        kind = value.get("kind") if isinstance(value, dict) else None
        own = _OF_KIND.get(kind, ()) if isinstance(kind, str) else ()
        optional = _OPTIONAL if kind == INITIATIVES else (*_OPTIONAL, "unproven_credit")
        if kind not in KINDS:
            optional = (*optional, "options", "unit", "scale", "credits")
        entry = shape.entries(value, path, (*_QUESTION, *own), optional)

        def text(key: str) -> Mapping[str, str] | None:
            return shape.text(entry[key], (*path, key)) if key in entry else None

        return Question(
            id=shape.identifier(entry["id"], (*path, "id")),
            axis=shape.one_of(entry["axis"], (*path, "axis"), self.axes, "un axe"),
            issue=shape.one_of(entry["issue"], (*path, "issue"), self.issues, "un enjeu"),
            text=shape.text(entry["text"], (*path, "text")),
            kind=shape.one_of(entry["kind"], (*path, "kind"), KINDS, "une sorte de question"),
            points=shape.integer(entry["points"], (*path, "points"), 0, 1000),
            nature=shape.one_of(entry["nature"], (*path, "nature"), NATURES, "une nature"),
            help=text("help"),
            evidence_hint=text("evidence_hint"),
            references=self._references(entry.get("references", []), (*path, "references")),
            applies_when=entry.get("applies_when"),
            rule=self._rule(entry["applies_when"], (*path, "applies_when")) if "applies_when" in entry else None,
            unproven_credit=shape.integer(entry.get("unproven_credit", 100), (*path, "unproven_credit"), 0, 100),
            effort=shape.integer(entry.get("effort", 1), (*path, "effort"), 1, 5),
            express=shape.boolean(entry.get("express", False), (*path, "express")),
            confidential=shape.boolean(entry.get("confidential", False), (*path, "confidential")),
            options=self._options(entry["options"], (*path, "options"), kind) if "options" in own else (),
            unit=text("unit") if "unit" in own else None,
            scale=self._scale(entry["scale"], (*path, "scale")) if "scale" in own else (),
            credits=self._credits(entry["credits"], (*path, "credits")) if "credits" in own else (),
        )

    def _references(self, value: Any, path: Path) -> tuple[Reference, ...]:
        references = []
        for below, item in self.shape.items(value, path):
            entry = self.shape.entries(item, below, ("title",), ("url",))
            url = self.shape.string(entry["url"], (*below, "url")) if "url" in entry else None
            references.append(Reference(self.shape.string(entry["title"], (*below, "title")), url))
        return tuple(references)

    def _rule(self, value: Any, path: Path) -> Rule | None:
        source = self.shape.string(value, path)
        if not isinstance(value, str):
            return None
        try:
            return compile_rule(source, CONTEXT | self.context, self.question_ids)
        except RuleError as error:
            for what, mend in error.faults:
                self.fault(path, what, mend)
            return None

    def _credit(self, value: Any, path: Path) -> int:
        return self.shape.integer(value, path, 0, 100)

    def _options(self, value: Any, path: Path, kind: Any) -> tuple[Option, ...]:
        options = []
        for below, item in self.shape.items(value, path, minimum=1):
            entry = self.shape.entries(item, below, ("id", "text", "credit"))
            identifier = self.shape.identifier(entry["id"], (*below, "id"))
            text = self.shape.text(entry["text"], (*below, "text"))
            options.append(Option(identifier, text, self._credit(entry["credit"], (*below, "credit"))))
        self.shape.unique([option.id for option in options], path)
        if kind == CHOICE and options and not any(option.credit == 100 for option in options):
            self.fault(path, "aucune réponse ne vaut 100.", "Donnez « credit: 100 » à la meilleure.")
        return tuple(options)

    def _scale(self, value: Any, path: Path) -> tuple[tuple[int, int], ...]:
        points = []
        raw, paths = [], []
        for below, item in self.shape.items(value, path, minimum=2):
            pair = item if isinstance(item, list) and len(item) == 2 else None
            if pair is None:
                self.fault(below, "ce n’est pas un point de l’échelle.", "Écrivez [valeur, crédit].")
                continue
            raw.append(pair[0])
            paths.append(below)
            points.append((self.shape.integer(pair[0], (*below, 0)), self._credit(pair[1], (*below, 1))))
        self.shape.increasing(raw, paths, strictly=True)
        return tuple(points)

    def _credits(self, value: Any, path: Path) -> tuple[int, ...]:
        items = list(self.shape.items(value, path, minimum=1))
        self.shape.increasing([item for _, item in items], [below for below, _ in items])
        return tuple(self._credit(item, below) for below, item in items)

    def _levels(self, value: Any) -> tuple[Level, ...]:
        items = list(self.shape.items(value, ("levels",), minimum=1))
        entries = [self.shape.entries(item, path, ("level", "min_overall"), ("min_axis",)) for path, item in items]
        levels = []
        for number, entry in enumerate(entries, 1):
            path: Path = ("levels", number - 1)
            self.shape.integer(entry["level"], (*path, "level"), number, number)
            overall = self.shape.integer(entry["min_overall"], (*path, "min_overall"), 0, 100)
            axis = self.shape.integer(entry.get("min_axis", 0), (*path, "min_axis"), 0, 100)
            levels.append(Level(number, overall, axis))
        self._check_levels(entries)
        return tuple(levels)

    def _check_levels(self, entries: Sequence[Mapping[str, Any]]) -> None:
        first = entries[0] if entries else {}
        if is_integer(first.get("min_overall")) and first["min_overall"] != 0:
            self.fault(("levels", 0, "min_overall"), "le niveau 1 ne demande rien.", "Écrivez « min_overall: 0 ».")
        if "min_axis" in first:
            self.fault(("levels", 0, "min_axis"), "le niveau 1 n’a pas de minimum par axe.", "Retirez-le.")
        for key, default in (("min_overall", None), ("min_axis", 0)):
            paths = [("levels", index, key) for index in range(len(entries))]
            self.shape.increasing([entry.get(key, default) for entry in entries], paths)

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

"""Open data, table by table: what each one says, column by column, and its rows as they stand now.

The columns are a promise: adding one is announced, none changes its meaning. Every row starts from `visibility`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from statistics import quantiles
from typing import Any

from django.conf import settings
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from assessments.models import Edition
from documents.french import TOP_LEVEL
from results import visibility
from results.models import PastLaureate, PublishedInitiative, PublishedResult
from results.wording import ratio
from scoring.benchmark import FEWEST
from scoring.display import percentage
from scoring.model import Framework, Question
from territories.models import PopulationBand

Row = dict[str, Any]
Rows = Callable[[int | None, datetime], Iterator[Row]]

AXES = ("inclusion", "sovereignty", "ecology", "services")
PERCENT = {"minimum": 0, "maximum": 100}
REQUIRED = {"required": True}
LEVEL = {"minimum": 1, "maximum": TOP_LEVEL}
BAR = " | "


@dataclass(frozen=True)
class Column:
    """`kind` and `constraints` as Table Schema says them."""

    name: str
    kind: str
    text: str
    constraints: Mapping[str, Any]


@dataclass(frozen=True)
class Table:
    """`rows`: of one edition, or of all of them. `by_edition`: it is cut by edition too."""

    name: str
    title: StrOrPromise
    text: StrOrPromise
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    rows: Rows
    by_edition: bool = True

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


def _columns(*columns: tuple[str, str, str, Mapping[str, Any]]) -> tuple[Column, ...]:
    return tuple(Column(*column) for column in columns)


EDITION = ("edition", "year", "Édition du label.", REQUIRED)
CODE = ("code", "string", "Code INSEE de la commune, ou SIREN de l’intercommunalité.", REQUIRED)
NAME = ("name", "string", "Nom au moment de la candidature.", REQUIRED)
SIMULATED = (
    "simulated",
    "boolean",
    "Vrai pour des données de démonstration, qui ne disent rien de la réalité.",
    REQUIRED,
)


# Results


def results_of(year: int | None, *, now: datetime) -> QuerySet[PublishedResult]:
    rows = visibility.in_force(now=now).select_related("certificate")
    rows = rows if year is None else rows.filter(edition__year=year)
    return rows.order_by("-edition__year", "territory__sort_key", "territory__code")


def _few(rows: QuerySet[Any], count: int) -> Iterator[Any]:
    """In their order, a few at a time: to sort rows that are wide, SQLite holds them all."""
    pks = list(rows.values_list("pk", flat=True))
    for start in range(0, len(pks), count):
        some = pks[start : start + count]
        found = rows.order_by().in_bulk(some)
        yield from (found[pk] for pk in some if pk in found)


def _copies(year: int | None, now: datetime) -> Iterator[PublishedResult]:
    return _few(results_of(year, now=now), 25)


def _results(year: int | None, now: datetime) -> Iterator[Row]:
    return map(result, _copies(year, now))


def result(row: PublishedResult) -> Row:
    """One result, from its frozen copy."""
    document = row.document
    who, levels = document["territory"], document["level"]
    axes = {axis["id"]: percentage(ratio(axis["earned"], axis["possible"])) for axis in document["axes"]}
    return {
        "edition": document["year"],
        "code": who["code"],
        "name": who["name"],
        "kind": who["kind"],
        "department_code": who["department"]["code"],
        "department_name": who["department"]["name"],
        "region_code": who["region"]["code"],
        "region_name": who["region"]["name"],
        "epci_code": who["epci"]["code"] if who["epci"] else None,
        "population": who["population"],
        "level": row.level,
        "level_examined": levels["examined"],
        "level_declared": levels["declared"],
        "overall": percentage(Fraction(document["overall"])),
        **{f"axis_{axis}": axes.get(axis) for axis in AXES},
        "honours": BAR.join(row.honours),
        "decided_on": row.decided_on.isoformat(),
        "certificate": row.certificate.number,
        "page": _address("results:territory", who["code"]),
        "simulated": row.simulated,
    }


def _address(name: str, *args: Any) -> str:
    return settings.SITE_URL + reverse(name, args=args)


RESULTS = Table(
    "resultats",
    _("Résultats"),
    _("Le niveau de chaque collectivité labellisée, sa note et ses quatre axes."),
    _columns(
        EDITION,
        CODE,
        NAME,
        ("kind", "string", "Commune ou intercommunalité.", {"required": True, "enum": ["commune", "epci"]}),
        ("department_code", "string", "Code du département.", REQUIRED),
        ("department_name", "string", "Nom du département.", REQUIRED),
        ("region_code", "string", "Code de la région.", REQUIRED),
        ("region_name", "string", "Nom de la région.", REQUIRED),
        ("epci_code", "string", "SIREN de l’intercommunalité de la commune.", {}),
        ("population", "integer", "Population au moment de la candidature.", {"minimum": 0}),
        (
            "level",
            "integer",
            "Niveau décerné par le jury, en arobases.",
            REQUIRED | LEVEL,
        ),
        ("level_examined", "integer", "Niveau calculé après instruction.", {"minimum": 0, "maximum": TOP_LEVEL}),
        ("level_declared", "integer", "Niveau calculé au dépôt.", {"minimum": 0, "maximum": TOP_LEVEL}),
        ("overall", "number", "Note sur 100, à une décimale.", PERCENT),
        *((f"axis_{axis}", "number", f"Part des points de l’axe « {axis} », sur 100.", PERCENT) for axis in AXES),
        ("honours", "string", "Mentions, séparées par une barre verticale.", {}),
        ("decided_on", "date", "Date de la décision du jury.", REQUIRED),
        ("certificate", "string", "Numéro de l’attestation.", REQUIRED | {"unique": True}),
        ("page", "string", "Page de la collectivité.", REQUIRED),
        SIMULATED,
    ),
    ("edition", "code"),
    _results,
)


# Axes


def _axes(year: int | None, now: datetime) -> Iterator[Row]:
    for row in _copies(year, now):
        who = row.document["territory"]
        for axis in row.document["axes"]:
            yield {
                "edition": row.document["year"],
                "code": who["code"],
                "name": who["name"],
                "axis": axis["id"],
                "title": axis["title"],
                "weight": axis["weight"],
                "earned": Decimal(axis["earned"]) / 100,
                "possible": Decimal(axis["possible"]) / 100,
                "percent": percentage(ratio(axis["earned"], axis["possible"])),
                "confidential_earned": Decimal(axis["confidential"]["earned"]) / 100,
                "confidential_possible": Decimal(axis["confidential"]["possible"]) / 100,
                "simulated": row.simulated,
            }


AXIS_SCORES = Table(
    "axes",
    _("Notes par axe"),
    _("Les points obtenus et possibles de chaque axe, et la part qui vient de réponses confidentielles."),
    _columns(
        EDITION,
        CODE,
        NAME,
        ("axis", "string", "Identifiant de l’axe.", REQUIRED),
        ("title", "string", "Nom de l’axe.", REQUIRED),
        ("weight", "integer", "Poids de l’axe dans la note.", {"minimum": 0}),
        ("earned", "number", "Points obtenus.", {"minimum": 0}),
        ("possible", "number", "Points possibles pour cette collectivité.", {"minimum": 0}),
        ("percent", "number", "Part des points, sur 100, à une décimale.", PERCENT),
        ("confidential_earned", "number", "Dont points de questions confidentielles.", {"minimum": 0}),
        ("confidential_possible", "number", "Dont points possibles de questions confidentielles.", {"minimum": 0}),
        SIMULATED,
    ),
    ("edition", "code", "axis"),
    _axes,
)


# Initiatives


def _initiatives(year: int | None, now: datetime) -> Iterator[Row]:
    rows: QuerySet[PublishedInitiative] = visibility.initiatives(now=now).select_related("inspired_by")
    rows = rows if year is None else rows.filter(result__edition__year=year)
    rows = rows.annotate(
        year=F("result__edition__year"), code=F("result__territory__code"), simulated=F("result__simulated")
    )
    # Beside the rows: the copy of a result would be read again for each of its initiatives.
    names = dict(results_of(year, now=now).order_by().values_list("pk", "document__territory__name"))
    for row in _few(rows.order_by("-year", "result__territory__sort_key", "code", "pk"), 500):
        yield {
            "edition": row.year,
            "code": row.code,
            "name": names[row.result_id],
            "number": row.number,
            "title": row.title,
            "description": row.description,
            "axis": row.axis or None,
            "issues": BAR.join(row.issues),
            "operator": row.operator or None,
            "cost": row.cost or None,
            "started_on": row.started_on.isoformat() if row.started_on else None,
            "ended_on": row.ended_on.isoformat() if row.ended_on else None,
            "results": row.results or None,
            "partners": row.partners or None,
            "link": row.link or None,
            "inspired_by": row.inspired_by.code if row.inspired_by else None,
            "pictures": len(row.pictures),
            "page": _address("results:initiative", row.number),
            "simulated": row.simulated,
        }


INITIATIVES = Table(
    "initiatives",
    _("Initiatives"),
    _("Ce que les collectivités labellisées ont mis en place, dans leurs mots."),
    _columns(
        EDITION,
        CODE,
        NAME,
        ("number", "integer", "Numéro de l’initiative, gardé par les corrections.", REQUIRED | {"unique": True}),
        ("title", "string", "Titre.", REQUIRED),
        ("description", "string", "Description.", REQUIRED),
        ("axis", "string", "Axe servi d’abord.", {}),
        ("issues", "string", "Enjeux, séparés par une barre verticale.", {}),
        ("operator", "string", "Qui la fait vivre.", {}),
        ("cost", "string", "Ordre de grandeur du coût.", {}),
        ("started_on", "date", "Début.", {}),
        ("ended_on", "date", "Fin.", {}),
        ("results", "string", "Effets constatés.", {}),
        ("partners", "string", "Partenaires.", {}),
        ("link", "string", "Pour en savoir plus.", {}),
        ("inspired_by", "string", "Code de la collectivité dont l’idée vient.", {}),
        ("pictures", "integer", "Nombre d’images sur sa page.", {"minimum": 0}),
        ("page", "string", "Page de l’initiative.", REQUIRED),
        SIMULATED,
    ),
    ("number",),
    _initiatives,
)


# Frameworks and questions


def _opened(year: int | None, now: datetime) -> Iterator[tuple[Edition, Framework]]:
    """The editions whose questionnaire anyone may read, the latest first."""
    rows = Edition.objects.filter(draft=False, opens_at__lte=now).select_related("framework")
    rows = rows if year is None else rows.filter(year=year)
    for edition in rows.defer("framework__document").order_by("-year"):
        yield edition, edition.framework.parsed


def _frameworks(year: int | None, now: datetime) -> Iterator[Row]:
    for edition, framework in _opened(year, now):
        for level in framework.levels:
            yield {
                "edition": edition.year,
                "framework": framework.hash,
                "title": framework.title["fr"],
                "schema": framework.schema,
                "questions": len(framework.questions),
                "level": level.level,
                "min_overall": level.min_overall,
                "min_axis": level.min_axis,
                "min_obligations": level.min_obligations,
                "document": _address("assessments:api-framework-document", framework.hash),
            }


FRAMEWORKS = Table(
    "referentiels",
    _("Référentiels"),
    _("Les seuils de chaque niveau, édition par édition."),
    _columns(
        EDITION,
        ("framework", "string", "Empreinte du référentiel : elle change au moindre mot.", REQUIRED),
        ("title", "string", "Titre du référentiel.", REQUIRED),
        ("schema", "integer", "Version de la forme du document.", REQUIRED),
        ("questions", "integer", "Nombre de questions.", REQUIRED),
        ("level", "integer", "Niveau, en arobases.", REQUIRED | LEVEL),
        ("min_overall", "integer", "Note à atteindre, sur 100.", PERCENT),
        ("min_axis", "integer", "Part des points à atteindre sur chaque axe, sur 100.", PERCENT),
        ("min_obligations", "integer", "Part des obligations à remplir, sur 100.", PERCENT),
        ("document", "string", "Le référentiel entier, tel qu’il est écrit.", REQUIRED),
    ),
    ("edition", "level"),
    _frameworks,
)


def _questions(year: int | None, now: datetime) -> Iterator[Row]:
    for edition, framework in _opened(year, now):
        for question in framework.questions:
            yield {
                "edition": edition.year,
                "framework": framework.hash,
                "id": question.id,
                "axis": question.axis,
                "axis_title": framework.axis_by_id[question.axis].title["fr"],
                "issue": question.issue,
                "issue_title": framework.issue_by_id[question.issue].title["fr"],
                "text": question.text["fr"],
                "help": question.help["fr"] if question.help else None,
                "kind": question.kind,
                "nature": question.nature,
                "points": question.points,
                "applies_when": question.applies_when,
                "options": BAR.join(_options(question)) or None,
                "references": BAR.join(_references(question)) or None,
                "express": question.express,
                "confidential": question.confidential,
            }


def _options(question: Question) -> Iterator[str]:
    return (f"{option.text['fr']} ({option.credit} %)" for option in question.options)


def _references(question: Question) -> Iterator[str]:
    return (f"{each.title} <{each.url}>" if each.url else each.title for each in question.references)


QUESTIONS = Table(
    "questions",
    _("Questions"),
    _("Chaque question posée, ce qu’elle vaut, à qui elle se pose et ses références."),
    _columns(
        EDITION,
        ("framework", "string", "Empreinte du référentiel.", REQUIRED),
        ("id", "string", "Identifiant de la question.", REQUIRED),
        ("axis", "string", "Identifiant de l’axe.", REQUIRED),
        ("axis_title", "string", "Nom de l’axe.", REQUIRED),
        ("issue", "string", "Identifiant de l’enjeu.", REQUIRED),
        ("issue_title", "string", "Nom de l’enjeu.", REQUIRED),
        ("text", "string", "La question.", REQUIRED),
        ("help", "string", "Ce qui aide à y répondre.", {}),
        ("kind", "string", "Forme de la réponse.", REQUIRED),
        ("nature", "string", "Obligation, recommandation ou démarche volontaire.", REQUIRED),
        ("points", "integer", "Points d’une réponse complète.", {"minimum": 0}),
        ("applies_when", "string", "La règle qui dit à qui la question se pose ; vide : à toutes.", {}),
        ("options", "string", "Réponses proposées, avec la part des points de chacune.", {}),
        ("references", "string", "Textes de référence.", {}),
        ("express", "boolean", "Parmi les premières questions.", REQUIRED),
        ("confidential", "boolean", "Vrai quand les réponses ne sont jamais publiées.", REQUIRED),
    ),
    ("edition", "id"),
    _questions,
)


# Aggregates

GROUPS: tuple[tuple[str, Callable[[Row], tuple[Any, Any]]], ...] = (
    ("ensemble", lambda row: ("", "Ensemble")),
    ("kind", lambda row: (row["kind"], {"commune": "Communes", "epci": "Intercommunalités"}[row["kind"]])),
    ("band", lambda row: (int(band := PopulationBand.of(row["population"] or 0)), str(band.label))),
    ("region", lambda row: (row["region_code"], row["region_name"])),
    ("department", lambda row: (row["department_code"], row["department_name"])),
)
SCORES = ("overall", *(f"axis_{axis}" for axis in AXES))


def _aggregates(year: int | None, now: datetime) -> Iterator[Row]:
    """Edition by edition. Of fewer than five results, nothing is said."""
    years = visibility.announced_editions(now=now).order_by("-year").values_list("year", flat=True)
    for edition in years if year is None else [year]:
        rows = [result(row) | _exact(row) for row in _copies(edition, now)]
        for group, of in GROUPS:
            members: dict[tuple[Any, Any], list[Row]] = {}
            for row in rows:
                members.setdefault(of(row), []).append(row)
            for (code, name), found in sorted(members.items(), key=lambda item: item[0]):
                if len(found) >= FEWEST:
                    yield _aggregate(edition, group, str(code), name, found)


def _exact(row: PublishedResult) -> Row:
    """The scores as they are: what is computed from them is rounded once."""
    axes = {axis["id"]: ratio(axis["earned"], axis["possible"]) for axis in row.document["axes"]}
    return {"overall": Fraction(row.document["overall"]), **{f"axis_{axis}": axes.get(axis) for axis in AXES}}


def _aggregate(edition: int, group: str, code: str, name: str, rows: Sequence[Row]) -> Row:
    told: Row = {"edition": edition, "group": group, "code": code or None, "name": name, "results": len(rows)}
    told |= {f"level_{level}": sum(row["level"] == level for row in rows) for level in range(1, TOP_LEVEL + 1)}
    for score in SCORES:
        found = [row[score] for row in rows if row[score] is not None]
        cuts = quantiles(found, n=4, method="inclusive") if len(found) >= FEWEST else [None] * 3
        told |= {f"{score}_{cut}": percentage(share) for cut, share in zip(("q1", "median", "q3"), cuts, strict=True)}
    return told | {"simulated": any(row["simulated"] for row in rows)}


AGGREGATES = Table(
    "agregats",
    _("Agrégats"),
    _("Nombre de résultats par niveau et quartiles des notes, par taille, région et département, jamais sous cinq."),
    _columns(
        EDITION,
        ("group", "string", "Ce qui réunit les collectivités.", REQUIRED | {"enum": [name for name, _of in GROUPS]}),
        ("code", "string", "Code de la région ou du département, début de la strate, sorte.", {}),
        ("name", "string", "Nom du groupe.", REQUIRED),
        ("results", "integer", "Nombre de résultats.", REQUIRED | {"minimum": FEWEST}),
        *(
            (f"level_{n}", "integer", f"Dont résultats de niveau {n}.", REQUIRED | {"minimum": 0})
            for n in range(1, TOP_LEVEL + 1)
        ),
        *(
            (f"{score}_{cut}", "number", f"{words} de « {score} », sur 100.", PERCENT)
            for score in SCORES
            for cut, words in (("q1", "Premier quartile"), ("median", "Médiane"), ("q3", "Troisième quartile"))
        ),
        SIMULATED,
    ),
    ("edition", "group", "name"),
    _aggregates,
)


# Another label's palmarès


def _laureates(_year: int | None, _now: datetime) -> Iterator[Row]:
    rows = PastLaureate.objects.select_related("territory").order_by("-year", "territory__sort_key", "pk")
    for row in rows.iterator(chunk_size=500):
        yield {
            "year": row.year,
            "code": row.territory.code,
            "name": row.name,
            "level": row.level,
            "mention": row.mention or None,
            "source": row.source,
            "note": row.note or None,
        }


LAUREATES = Table(
    "palmares-villes-internet",
    _("Palmarès du label Villes Internet"),
    _("Des faits d’un autre label, chacun avec sa source. Ce ne sont pas des niveaux de celui-ci."),
    _columns(
        ("year", "year", "Année du palmarès.", REQUIRED),
        CODE,
        ("name", "string", "Nom dans la source.", REQUIRED),
        ("level", "integer", "Nombre de @, quand la source le dit.", LEVEL),
        ("mention", "string", "Mention ou prix.", {}),
        ("source", "string", "D’où vient ce fait.", REQUIRED),
        ("note", "string", "Remarque.", {}),
    ),
    (),
    _laureates,
    by_edition=False,
)

TABLES = {
    table.name: table for table in (RESULTS, AXIS_SCORES, INITIATIVES, FRAMEWORKS, QUESTIONS, AGGREGATES, LAUREATES)
}

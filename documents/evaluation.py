"""What an evaluation report says, whatever it is written on: the paper and the page are drawn from the same data.

Needs no package, so a web process may import it."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from documents import french, levels


@dataclass(frozen=True)
class Share:
    """A result from 0 to 100, to the tenth, beside the median of the peers; None without a point to earn.

    `points` in words ("12,5 sur 20")."""

    name: str
    share: float | None
    points: str
    peers: float | None = None

    @property
    def words(self) -> str:
        return _percent(self.share)

    @property
    def peers_words(self) -> str:
        return _percent(self.peers)


@dataclass(frozen=True)
class Step:
    """Something to do to reach the next level: the practice, what to answer then, the effort and the gain in words."""

    practice: str
    answer: str
    effort: str
    gain: str

    @property
    def words(self) -> str:
        return f"{self.practice} Réponse à viser : {self.answer}."


@dataclass(frozen=True)
class Comment:
    """What the jury tells the territory: who says it, and what."""

    subject: str
    text: str


@dataclass(frozen=True)
class Line:
    """A line of the trace: the question with its code, the answer, the points ("2,5 / 4") and the reason in words."""

    question: str
    answer: str
    points: str
    reason: str


@dataclass(frozen=True)
class ReportData:
    """Everything in a report. `peers` describes the peer group, if there is one. `obligations` are those proven, out of
    those that this territory has; `initiatives` is what they earn on each axis; `verify_url` is empty without arobase.

    `plan_level` is where the plan leads, the level itself when there is nothing above; `plan_note` says what to know of
    the plan, or why there is none."""

    territory_name: str
    kind: str
    year: int
    level: int
    decided_on: date
    reasons: str
    overall: str
    axes: tuple[Share, ...]
    issues: tuple[Share, ...]
    obligations: tuple[int, int]
    initiatives: tuple[Share, ...]
    peers: str
    strengths: tuple[str, ...]
    plan_level: int
    plan_note: str
    plan: tuple[Step, ...]
    comments: tuple[Comment, ...]
    trace: tuple[Line, ...]
    input_hash: str
    framework_hash: str
    verify_url: str
    label_name: str
    organiser_name: str
    simulated: bool
    # Answers given, out of the questions asked; nothing in a report of a release that did not count them.
    answered: tuple[int, int] = (0, 0)

    @property
    def answers(self) -> str:
        given, asked = self.answered
        return f"{french.counted(given, 'réponse', 'réponses')} sur {asked}." if asked else ""

    @property
    def meaning(self) -> str:
        return levels.meaning(self.kind, self.level)

    @property
    def legend(self) -> str:
        """Of the radar."""
        scale = "L’échelle va de 0 % au centre à 100 % au bord."
        if not self.peers:
            return f"Trait plein : votre résultat. {scale} {NO_PEERS}"
        return f"Trait plein : votre résultat. Tirets : médiane de vos pairs, {self.peers}. {scale}"

    @property
    def duties(self) -> str:
        """Of the obligations."""
        return f"{french.met(self.obligations)}." if self.obligations[1] else NO_DUTY

    @property
    def plan_title(self) -> str:
        if self.plan_level > self.level:
            return f"Vers {french.counted(self.plan_level, 'arobase', 'arobases')}"
        return f"Garder {french.counted(self.level, 'arobase', 'arobases')}"


NO_PEERS = (
    "Il n’y a pas de médiane : moins de cinq collectivités comparables ont un résultat public dans cette édition."
)
NO_MEDIAN = (
    "Un tiret à la place d’une médiane : cet enjeu n’a aucun point, ou compte des réponses confidentielles, "
    "que personne ne compare."
)
NO_DUTY = "Aucune des obligations du questionnaire ne vous concerne."
INITIATIVES = "Une initiative compte sur l’axe qu’elle sert d’abord, pour les enjeux qu’elle touche."
RADAR = "Radar des axes ; les valeurs sont dans le tableau qui suit."
REPLAY = (
    "Le calcul est public et sans part de hasard : avec votre dossier et le référentiel de l’édition, "
    "n’importe qui retrouve ce résultat. Téléchargez les deux fichiers depuis la page de ce rapport, "
    "lancez la commande, puis comparez ces empreintes (SHA-256)."
)
COMMAND = "python -m scoring score referentiel.yaml dossier.json"


def as_document(data: ReportData) -> dict[str, Any]:
    """The same as JSON values."""
    return asdict(data) | {"decided_on": data.decided_on.isoformat()}


def read(document: dict[str, Any]) -> ReportData:
    """From what `as_document` gave."""
    rows = {"axes": Share, "issues": Share, "initiatives": Share, "plan": Step, "comments": Comment, "trace": Line}
    lists = {name: tuple(kind(**row) for row in document[name]) for name, kind in rows.items()}
    plain = {
        "decided_on": date.fromisoformat(document["decided_on"]),
        "strengths": tuple(document["strengths"]),
        "obligations": tuple(document["obligations"]),
        "answered": tuple(document.get("answered", (0, 0))),
    }
    return ReportData(**(document | lists | plain))


def _percent(value: float | None) -> str:
    return "–" if value is None else french.percent(value)

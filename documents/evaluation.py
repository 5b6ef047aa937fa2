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
    """Everything in a report. `peers` describes the peer group, if there is one.

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
    def plan_title(self) -> str:
        if self.plan_level > self.level:
            return f"Vers {french.counted(self.plan_level, 'arobase', 'arobases')}"
        return f"Garder {french.counted(self.level, 'arobase', 'arobases')}"


NO_PEERS = "Ce rapport ne compare pas votre résultat à celui d’autres collectivités."
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
    rows = {"axes": Share, "issues": Share, "plan": Step, "comments": Comment, "trace": Line}
    lists = {name: tuple(kind(**row) for row in document[name]) for name, kind in rows.items()}
    plain = {"decided_on": date.fromisoformat(document["decided_on"]), "strengths": tuple(document["strengths"])}
    return ReportData(**(document | lists | plain))


def _percent(value: float | None) -> str:
    return "–" if value is None else french.percent(value)

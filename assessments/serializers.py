"""What the API says of editions, questionnaires and files: every field named, none by default."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from assessments import policies
from assessments.enums import AnswerState
from assessments.models import Answer, Application, Edition, Framework, Initiative
from assessments.policies import awaits_decision
from assessments.queries import Sheet
from assessments.visibility import shown_state
from scoring import claims
from scoring.display import percentage
from scoring.engine import Result
from scoring.model import Question


class EditionSerializer(serializers.ModelSerializer[Edition]):
    """`phase` is upcoming, open, closed or published; `framework` is the hash of its questionnaire."""

    framework = serializers.CharField(source="framework.hash", read_only=True)
    phase = serializers.SerializerMethodField()

    class Meta:
        model = Edition
        fields = ["year", "framework", "opens_at", "closes_at", "results_at", "phase", "simulated"]

    def get_phase(self, edition: Edition) -> str:
        return policies.phase(edition, self.context["now"]).value


class FrameworkSerializer(serializers.ModelSerializer[Framework]):
    """`document` is the questionnaire as written: its RFC 8785 form has the hash `hash`."""

    document = serializers.SerializerMethodField()

    class Meta:
        model = Framework
        fields = ["hash", "year", "loaded_at", "document"]

    def get_document(self, row: Framework) -> dict[str, Any]:
        return dict(row.parsed.document)


class ApplicationSerializer(serializers.ModelSerializer[Application]):
    """One line of « my files »."""

    code = serializers.CharField(source="territory.code", read_only=True)
    name = serializers.CharField(source="territory.name", read_only=True)
    year = serializers.IntegerField(source="edition.year", read_only=True)
    framework = serializers.CharField(source="framework.hash", read_only=True)

    def to_representation(self, instance: Application) -> dict[str, Any]:
        """Nobody learns here of a publication before the announcement."""
        return {**super().to_representation(instance), "state": shown_state(instance, timezone.now())}

    class Meta:
        model = Application
        fields = ["code", "name", "year", "state", "framework", "started_at", "submitted_at", "simulated"]
        read_only_fields = fields


@extend_schema_serializer(component_name="FileInitiative")
class InitiativeSerializer(serializers.ModelSerializer[Initiative]):
    class Meta:
        model = Initiative
        fields = [
            *("id", "title", "description", "started_on", "ended_on", "operator", "axis", "issues", "link", "version")
        ]
        read_only_fields = fields


@extend_schema_field({"type": ["boolean", "number", "string", "array"], "items": {"type": "string"}})
class AnswerValue(serializers.JSONField):
    """Comme la question le demande : oui ou non (`true`, `false`), un nombre, l’identifiant d’une proposition, ou une
    liste d’identifiants. Un nombre se donne comme il se lit, avec au plus les décimales que la question admet
    (`decimals`, dans le référentiel) : pour un pourcentage à deux décimales, `67.35`, `"67,35"` et `"67,35 %"` disent
    la même chose."""


class AnswerInput(serializers.Serializer[Any]):
    """Une valeur (`value`) ou un état (`state`), l’un des deux, sur la version que l’on a lue."""

    value = AnswerValue(required=False)
    state = serializers.ChoiceField(
        choices=[AnswerState.UNKNOWN, AnswerState.NOT_APPLICABLE, AnswerState.CLEARED],
        required=False,
        help_text="`unknown` : « je ne sais pas », aucun point. `not_applicable` : « pas concerné », avec une "
        "raison ; depuis le schéma 2, la question compte comme non remplie tant que le jury ne l’a pas accepté. "
        "`cleared` : la réponse est retirée.",
    )
    reason = serializers.CharField(
        required=False,
        allow_blank=True,
        help_text="Pourquoi la question ne vous concerne pas : exigée avec `not_applicable`.",
    )
    seen = serializers.IntegerField(
        min_value=0,
        max_value=10**6,
        help_text="La version que l’on a lue de la réponse (`version`), 0 s’il n’y en a pas ; une autre reçoit 409.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("value" in attrs) is ("state" in attrs):
            raise serializers.ValidationError(_("Donnez « value » ou « state », l’un des deux."))
        return attrs


def answer(row: Answer, question: Question | None) -> dict[str, Any]:
    """An answer with its version; `value` is there when the state is « answered », a number as people write it."""
    shown: dict[str, Any] = {"state": row.state, "version": row.version, "at": row.at}
    if row.state == AnswerState.ANSWERED:
        decimals = question.decimals if question else 0
        shown["value"] = row.value / 10**decimals if decimals else row.value
    if row.state == AnswerState.NOT_APPLICABLE:
        shown["reason"] = row.reason
    return shown


class ScoreField(serializers.Serializer[Any]):
    """Un niveau et une note : `overall`, la fraction exacte ; `percent`, la note sur 100 avec une décimale,
    arrondie vers le bas. Null tant que la note ne peut pas être calculée."""

    level = serializers.IntegerField(allow_null=True)
    overall = serializers.SerializerMethodField()
    percent = serializers.SerializerMethodField()

    def get_overall(self, scored: Result | claims.Claims) -> str | None:
        return None if scored.overall is None else f"{scored.overall.numerator}/{scored.overall.denominator}"

    def get_percent(self, scored: Result | claims.Claims) -> float | None:
        percent = percentage(scored.overall)
        return None if percent is None else float(percent)


class ClaimedScoreField(ScoreField):
    """Le niveau et la note si le jury accepte les réponses « pas concerné » qui attendent ; `pending` en dit le
    nombre."""

    pending = serializers.IntegerField()


class WholeFile(ApplicationSerializer):
    """Un dossier entier. `score` compte comme non remplie une question « pas concerné » que le jury n’a pas
    acceptée ; `score_if_accepted` est la note si le jury les accepte toutes, et null quand aucune n’attend ou que le
    jury a décidé. `result` est le résultat tel que le moteur l’écrit, celui de `score`."""

    context = serializers.DictField()  # type: ignore[assignment]
    answers = serializers.DictField(
        help_text="Par question : son état (answered, unknown, not_applicable ou cleared), sa version et sa valeur, "
        "ou la raison d’un « pas concerné ». Un nombre y est écrit comme on le lit, décimales comprises."
    )
    initiatives = InitiativeSerializer(many=True)
    score = ScoreField()
    score_if_accepted = ClaimedScoreField(allow_null=True)
    result = serializers.DictField()

    class Meta(ApplicationSerializer.Meta):
        fields = [
            *ApplicationSerializer.Meta.fields,
            *("context", "answers", "initiatives", "score", "score_if_accepted", "result"),
        ]
        read_only_fields = fields


def whole_file(application: Application, sheet: Sheet, result: Result) -> dict[str, Any]:
    """One file: its context, its answers with their versions, its initiatives, and its score as it stands; see
    `WholeFile`."""
    accepted = claims.if_accepted(result) if awaits_decision(application) else None
    return {
        **ApplicationSerializer(application).data,
        "context": {"official": application.official_context, "declared": application.declared_context},
        "answers": {name: answer(row, result.framework.question_by_id.get(name)) for name, row in sheet.latest.items()},
        "initiatives": InitiativeSerializer(sheet.initiatives, many=True).data,
        "score": ScoreField(result).data,
        "score_if_accepted": ClaimedScoreField(accepted).data if accepted else None,
        "result": result.as_document(),
    }

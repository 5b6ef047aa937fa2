"""What the API says of editions, questionnaires and files: every field named, none by default."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from assessments import policies
from assessments.doors import frameworks
from assessments.enums import AnswerState
from assessments.models import Answer, Application, Edition, Framework, Initiative
from assessments.queries import Sheet
from assessments.visibility import shown_state
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
        return dict(frameworks.of(row).document)


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


class InitiativeSerializer(serializers.ModelSerializer[Initiative]):
    class Meta:
        model = Initiative
        fields = [
            *("id", "title", "description", "started_on", "ended_on", "operator", "axis", "issues", "link", "version")
        ]
        read_only_fields = fields


@extend_schema_field({"type": ["boolean", "number", "string", "array"], "items": {"type": "string"}})
class AnswerValue(serializers.JSONField):
    """As the question asks: yes or no, a number, an option, several options."""


class AnswerInput(serializers.Serializer[Any]):
    """What `PUT …/answers/<question>/` takes: a value, or a state, on the version that was seen (0: none yet)."""

    value = AnswerValue(required=False)
    state = serializers.ChoiceField(
        choices=[AnswerState.UNKNOWN, AnswerState.NOT_APPLICABLE, AnswerState.CLEARED], required=False
    )
    reason = serializers.CharField(required=False, allow_blank=True)
    seen = serializers.IntegerField(min_value=0, max_value=10**6)

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


def whole_file(application: Application, sheet: Sheet, result: Result) -> dict[str, Any]:
    """One file: its context, its answers with their versions, its initiatives, and its score as it stands."""
    return {
        **ApplicationSerializer(application).data,
        "context": {"official": application.official_context, "declared": application.declared_context},
        "answers": {name: answer(row, result.framework.question_by_id.get(name)) for name, row in sheet.latest.items()},
        "initiatives": InitiativeSerializer(sheet.initiatives, many=True).data,
        "result": result.as_document(),
    }

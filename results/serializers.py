"""The public fields, one by one: a new one in the database is not public until it is written here."""

from fractions import Fraction
from typing import Any

from django.conf import settings
from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from results.models import FileAnswer, FileCheck, Paper, PublishedInitiative, PublishedResult
from results.pages.status import Found, Status, standing
from results.rules.distributions import Spread as Measure
from results.wording import ratio
from scoring.display import percentage

PENDING = "pending"
STATUSES = [status.value for status in Status]


class Fields(serializers.Serializer[Any]):
    """A read-only group of fields."""


class NamedField(Fields):
    code = serializers.CharField()
    name = serializers.CharField()


class TerritoryField(Fields):
    """Who the territory was when it applied."""

    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField()
    population = serializers.IntegerField()
    band = serializers.IntegerField()
    department = NamedField()
    region = NamedField()
    epci = NamedField(allow_null=True)


class LevelsField(Fields):
    declared = serializers.IntegerField(allow_null=True)
    examined = serializers.IntegerField(allow_null=True)
    granted = serializers.IntegerField()


class PartField(Fields):
    """Points in hundredths; `percent` has one decimal, null without a point to earn."""

    id = serializers.CharField()
    title = serializers.CharField()
    earned = serializers.IntegerField()
    possible = serializers.IntegerField()
    percent = serializers.SerializerMethodField()

    def get_percent(self, part: dict[str, Any]) -> float | None:
        percent = percentage(ratio(part["earned"], part["possible"]))
        return None if percent is None else float(percent)


class ConfidentialField(Fields):
    earned = serializers.IntegerField()
    possible = serializers.IntegerField()


class AxisField(PartField):
    """`confidential` is the part of the points that comes from questions whose answers are never public."""

    weight = serializers.IntegerField()
    confidential = ConfidentialField()


class ReferenceField(Fields):
    title = serializers.CharField()
    url = serializers.CharField(allow_null=True)


class LineField(Fields):
    """A question that is not confidential: `answer` as the engine takes it, `words` as a person reads it."""

    id = serializers.CharField()
    axis = serializers.CharField()
    issue = serializers.CharField()
    text = serializers.CharField()
    nature = serializers.CharField()
    references = ReferenceField(many=True)
    links = ReferenceField(many=True, default=list, help_text="The pages by which the territory proves its answer.")
    answer = serializers.JSONField(allow_null=True)
    words = serializers.CharField()
    state = serializers.CharField()
    credit = serializers.IntegerField()
    earned = serializers.IntegerField()
    possible = serializers.IntegerField()


class ReplayField(Fields):
    """The answers that are public, to be scored again with `python -m scoring`, and the hashes that this gives."""

    application = serializers.SerializerMethodField()
    input_hash = serializers.CharField(source="document.replay.input_hash")
    result_hash = serializers.CharField(source="document.replay.result_hash")

    @extend_schema_field(serializers.URLField())
    def get_application(self, result: PublishedResult) -> str:
        who, year = result.document["territory"]["code"], result.document["year"]
        return settings.SITE_URL + reverse("results:api-application", args=[who, year])


class PictureField(Fields):
    """`alternative`: what it shows, for those who do not see it. In pixels."""

    url = serializers.URLField()
    alternative = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()


class InitiativeField(serializers.ModelSerializer[PublishedInitiative]):
    pictures = serializers.SerializerMethodField()

    class Meta:
        model = PublishedInitiative
        fields = [
            *("title", "description", "started_on", "ended_on", "operator", "issues", "link"),
            *("results", "partners", "cost", "pictures"),
        ]

    @extend_schema_field(PictureField(many=True))
    def get_pictures(self, initiative: PublishedInitiative) -> list[dict[str, Any]]:
        return [
            {
                "url": settings.SITE_URL + reverse("results:picture", args=[initiative.pk, number]),
                **{name: picture[name] for name in ("alternative", "width", "height")},
            }
            for number, picture in enumerate(initiative.pictures, start=1)
        ]


class MeasureField(Fields):
    """Quartiles of a measure, as percentages with one decimal. `node`: overall, axis or issue, of this `id`."""

    node = serializers.SerializerMethodField()
    id = serializers.SerializerMethodField()
    size = serializers.IntegerField()
    first_quartile = serializers.SerializerMethodField()
    median = serializers.SerializerMethodField()
    third_quartile = serializers.SerializerMethodField()

    def get_node(self, measure: Measure) -> str:
        return measure.node[0]

    def get_id(self, measure: Measure) -> str:
        return measure.node[1]

    def get_first_quartile(self, measure: Measure) -> float:
        return float(percentage(measure.quartiles[0]) or 0)

    def get_median(self, measure: Measure) -> float:
        return float(percentage(measure.quartiles[1]) or 0)

    def get_third_quartile(self, measure: Measure) -> float:
        return float(percentage(measure.quartiles[2]) or 0)


class Spread(Fields):
    """A group of published results: `size` is null and `measures` empty when they are fewer than five."""

    edition = serializers.IntegerField(allow_null=True)
    kind = serializers.CharField()
    by = serializers.CharField()
    code = serializers.SerializerMethodField()
    name = serializers.SerializerMethodField()
    size = serializers.SerializerMethodField()
    measures = serializers.SerializerMethodField()

    def get_code(self, row: dict[str, Any]) -> str:
        return str(row["group"].key[0])

    def get_name(self, row: dict[str, Any]) -> str:
        return str(row["group"].key[1])

    def get_size(self, row: dict[str, Any]) -> int | None:
        return row["group"].size if row["group"].told else None

    @extend_schema_field(MeasureField(many=True))
    def get_measures(self, row: dict[str, Any]) -> Any:
        return MeasureField(list(row["group"].spreads.values()), many=True).data


class Initiative(InitiativeField):
    """With the territory and the edition that it belongs to."""

    edition = serializers.IntegerField(source="result.edition.year")
    code = serializers.CharField(source="result.territory.code")
    name = serializers.CharField(source="result.territory.name")
    department = serializers.CharField(source="result.territory.department_id")
    simulated = serializers.BooleanField(source="result.simulated")

    class Meta(InitiativeField.Meta):
        fields = ["edition", "code", "name", "department", *InitiativeField.Meta.fields, "simulated"]


class Result(Fields):
    """A result in a list. `overall` is an exact fraction of 1. `expired_at`: when the edition after its own was
    announced; null while the label is current."""

    # What begins with `copied` comes with the row (`queries.copied`).
    edition = serializers.IntegerField(source="copied_year")
    territory = TerritoryField(source="copied_territory")
    level = serializers.IntegerField()
    overall = serializers.CharField(source="copied_overall")
    percent = serializers.SerializerMethodField()
    axes = AxisField(source="copied_axes", many=True)
    honours = serializers.ListField(child=serializers.CharField())
    decided_on = serializers.DateField()
    expired_at = serializers.DateTimeField(allow_null=True)
    certificate = serializers.CharField(source="certificate.number")
    page = serializers.SerializerMethodField()
    simulated = serializers.BooleanField()

    def get_percent(self, result: Any) -> float:
        return float(percentage(Fraction(result.copied_overall)) or 0)

    @extend_schema_field(serializers.URLField())
    def get_page(self, result: Any) -> str:
        return settings.SITE_URL + reverse("results:territory", args=[result.copied_territory["code"]])


class WholeResult(Result):
    """Everything that is published of a result. The points of issues, the obligations and the completeness are counted
    over the questions that are not confidential."""

    levels = LevelsField(source="document.level")
    reasons = serializers.CharField(source="document.reasons")
    issues = PartField(source="document.issues", many=True)
    completeness = serializers.ListField(child=serializers.IntegerField(), source="document.completeness")
    obligations = serializers.ListField(child=serializers.IntegerField(), source="document.obligations")
    lines = LineField(source="document.lines", many=True)
    initiatives = InitiativeField(many=True)
    framework_hash = serializers.CharField(source="document.framework_hash")
    replay = serializers.SerializerMethodField()

    @extend_schema_field(ReplayField(allow_null=True))
    def get_replay(self, result: PublishedResult) -> dict[str, Any] | None:
        """Null for the copies made before there was one."""
        return ReplayField(result).data if "replay" in result.document else None


class Check(Fields):
    """What a certificate is worth. `expired_at`: when the edition after its own was announced; it attests a past year
    since, and null means that the label is current."""

    number = serializers.CharField()
    status = serializers.ChoiceField(choices=STATUSES)
    since = serializers.DateTimeField(allow_null=True)
    expired_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.SerializerMethodField()
    replaced_by = serializers.CharField()
    code = serializers.CharField(source="result.document.territory.code")
    name = serializers.CharField(source="result.document.territory.name")
    edition = serializers.IntegerField(source="result.document.year")
    level = serializers.IntegerField(source="result.level")
    honours = serializers.ListField(child=serializers.CharField(), source="result.honours")
    decided_on = serializers.DateField(source="result.decided_on")
    sha256 = serializers.CharField(source="certificate.file.sha256", default=None, allow_null=True)
    simulated = serializers.BooleanField(source="result.simulated")

    def get_reason(self, found: Found) -> str:
        return found.reason


class ReceiptCheck(Fields):
    """What a receipt proves: that a territory submitted its file then. `status`: replaced once the file was submitted
    again, withdrawn with the candidature, `since` when."""

    status = serializers.ChoiceField(choices=STATUSES, source="standing.status.value")
    since = serializers.DateTimeField(source="standing.since", allow_null=True)
    code = serializers.CharField(source="receipt.application.territory.code")
    name = serializers.CharField(source="receipt.application.territory.name")
    edition = serializers.IntegerField(source="receipt.application.edition.year")
    submitted_at = serializers.DateTimeField(source="receipt.frozen_at")
    input_hash = serializers.CharField(source="receipt.input_hash")
    simulated = serializers.BooleanField(source="receipt.application.simulated")


class MinutesCheck(Fields):
    """Which session the minutes are of. `status`: replaced once a decision of theirs was reopened, `since` when."""

    status = serializers.ChoiceField(choices=STATUSES, source="standing.status.value")
    since = serializers.DateTimeField(source="standing.since", allow_null=True)
    edition = serializers.IntegerField(source="minutes.panel.edition.year")
    held_on = serializers.DateField(source="minutes.held_on")
    signed_at = serializers.DateTimeField(source="minutes.signed_at")
    simulated = serializers.BooleanField(source="minutes.panel.edition.simulated")


class CheckedFile(serializers.Serializer[Any]):
    file = serializers.FileField()


class FileCheckAnswer(Fields):
    """What a file is worth. `answer`: pending, authentic, altered or unknown; ask `url` again while it is pending.

    `certificate`: the one that the file belongs to or, when it was altered, claims to; its `status` is that of now.
    `paper`: which it is, when that is known. `receipt`, `minutes`: told to who sends the file itself."""

    url = serializers.SerializerMethodField()
    answer = serializers.SerializerMethodField()
    paper = serializers.ChoiceField(choices=Paper.choices, allow_blank=True)
    certificate = serializers.SerializerMethodField()
    receipt = serializers.SerializerMethodField()
    minutes = serializers.SerializerMethodField()

    @extend_schema_field(serializers.URLField())
    def get_url(self, check: FileCheck) -> str:
        return settings.SITE_URL + reverse("results:api-check", args=[check.token])

    @extend_schema_field(serializers.ChoiceField(choices=[PENDING, *FileAnswer.values]))
    def get_answer(self, check: FileCheck) -> str:
        return check.answer or PENDING

    @extend_schema_field(Check(allow_null=True))
    def get_certificate(self, check: FileCheck) -> dict[str, Any] | None:
        return Check(standing(check, now=self.context["now"])).data if check.certificate else None

    @extend_schema_field(ReceiptCheck(allow_null=True))
    def get_receipt(self, check: FileCheck) -> dict[str, Any] | None:
        return self._of_reader(ReceiptCheck, check, receipt=check.receipt) if check.receipt else None

    @extend_schema_field(MinutesCheck(allow_null=True))
    def get_minutes(self, check: FileCheck) -> dict[str, Any] | None:
        return self._of_reader(MinutesCheck, check, minutes=check.minutes) if check.minutes else None

    def _of_reader(self, fields: type[Fields], check: FileCheck, **paper: Any) -> dict[str, Any]:
        found: dict[str, Any] = fields(paper | {"standing": standing(check, now=self.context["now"])}).data
        return found

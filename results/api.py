"""Public reading. Lists take `?q=` and filters and answer `{next, previous, results}`."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from assessments.enums import Cost, Operator
from documents.french import TOP_LEVEL
from results import actions, policies, queries, serializers, visibility
from results.doors import datafiles, tables
from results.doors.throttles import CheckThrottle, FileThrottle
from results.models import FileCheck, PublishedInitiative, PublishedResult
from results.pages.status import Status, status_of
from results.queries import ideas, spread
from results.rules.distributions import groups
from scoring.hashing import canonical
from territories.doors.filters import known, whole
from territories.doors.pagination import Pages
from territories.models import Kind, PopulationBand

YEAR = {"type": "integer", "minimum": 0, "maximum": 9999}
LEVEL = {"type": "integer", "minimum": 1, "maximum": TOP_LEVEL}
GROUPINGS = ["band", "region", "edition"]


def _level(request: Request) -> int | None:
    level = whole(request, "level")
    if level is not None and not 1 <= level <= TOP_LEVEL:
        raise ValidationError({"level": [_("Un niveau va de 1 à 5.")]})
    return level


def _edition(request: Request, years: Collection[int]) -> int | None:
    """A year whose results are announced. One to come and one that never was give the same answer."""
    year = whole(request, "edition")
    if year is not None and year not in years:
        raise ValidationError({"edition": [_("Aucun résultat de cette édition n’est publié.")]})
    return year


def _years(now: datetime) -> list[int]:
    return list(visibility.announced_editions(now=now).order_by("-year").values_list("year", flat=True))


@extend_schema(description="Les résultats publiés, une ligne par collectivité et par édition.")
class ResultList(generics.ListAPIView[PublishedResult]):
    operation_id = "listResults"
    serializer_class = serializers.Result
    pagination_class = Pages

    filters = (
        OpenApiParameter("q", OpenApiTypes.STR, description="Nom, code INSEE, SIREN ou code postal."),
        OpenApiParameter("edition", YEAR, description="Année de l’édition."),
        OpenApiParameter("level", LEVEL, description="Niveau, de 1 à 5."),
        OpenApiParameter("department", OpenApiTypes.STR, description="Code du département."),
        OpenApiParameter("region", OpenApiTypes.STR, description="Code de la région."),
    )

    @extend_schema(parameters=[*filters])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.list(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        asked, now = self.request.query_params, timezone.now()
        return queries.results(
            q=asked.get("q", ""),
            year=_edition(self.request, _years(now) if "edition" in asked else ()),
            level=_level(self.request),
            department=known(self.request, "department", [code for code, *_names in queries.departments()]),
            region=known(self.request, "region", [code for _code, _name, code, _region in queries.departments()]),
            now=now,
        )


@extend_schema(description="Tout ce qui est publié d’un résultat, question par question.")
class ResultDetail(generics.RetrieveAPIView[PublishedResult]):
    operation_id = "getResult"
    serializer_class = serializers.WholeResult

    def get_object(self) -> PublishedResult:
        now = timezone.now()
        rows = queries.copied(visibility.dated(visibility.in_force(now=now), now=now))
        rows = rows.select_related("certificate").prefetch_related("initiatives")
        found: PublishedResult = generics.get_object_or_404(
            rows, territory__code=self.kwargs["code"], edition__year=self.kwargs["year"]
        )
        return found


@extend_schema(
    description="Ce qui est public du dossier derrière un résultat, à donner à «\u202fpython -m scoring score\u202f»."
)
class ResultApplication(APIView):
    """What is public of the application behind a result, as `python -m scoring score` takes it."""

    operation_id = "getResultApplication"

    @extend_schema(responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request, code: str, year: int) -> HttpResponse:
        found = visibility.in_force(now=timezone.now()).filter(
            territory__code=code, edition__year=year, document__has_key="replay"
        )
        application = generics.get_object_or_404(found).document["replay"]["application"]
        return HttpResponse(canonical(application), content_type="application/json")


@extend_schema(description="Les initiatives des résultats en vigueur.")
class InitiativeList(generics.ListAPIView[PublishedInitiative]):
    operation_id = "listInitiatives"
    serializer_class = serializers.Initiative
    pagination_class = Pages

    filters = (
        OpenApiParameter("q", OpenApiTypes.STR, description="Mots de l’initiative."),
        OpenApiParameter("axis", OpenApiTypes.STR, description="Identifiant de l’axe servi d’abord."),
        OpenApiParameter("issue", OpenApiTypes.STR, description="Identifiant de l’enjeu."),
        OpenApiParameter("department", OpenApiTypes.STR, description="Code du département."),
        OpenApiParameter(
            "band",
            OpenApiTypes.INT,
            description="Strate, par sa plus petite population.",
            enum=PopulationBand.values,
        ),
        OpenApiParameter("operator", OpenApiTypes.STR, description="Qui la porte.", enum=Operator.values),
        OpenApiParameter("cost", OpenApiTypes.STR, description="Ce qu’elle coûte par an.", enum=Cost.values),
    )

    @extend_schema(parameters=[*filters])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.list(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        asked = self.request.query_params
        departments = [code for code, *_names in queries.departments()]
        named = asked.get("axis") is not None or asked.get("issue") is not None
        axes, issues = queries.titles(now=timezone.now()) if named else ({}, {})
        band = known(self.request, "band", [str(band.value) for band in PopulationBand])
        wanted: dict[str, str | int | None] = {
            "axis": known(self.request, "axis", axes),
            "issue": known(self.request, "issue", issues),
            "department": known(self.request, "department", departments),
            "band": None if band is None else int(band),
            "operator": known(self.request, "operator", Operator.values),
            "cost": known(self.request, "cost", Cost.values),
        }
        filters = {name: value for name, value in wanted.items() if value is not None}
        return ideas.search(asked.get("q", ""), filters, now=timezone.now())[1]


@extend_schema(description="Les quartiles des notes publiées, par taille, région ou édition, jamais de moins de cinq.")
class BenchmarkList(generics.ListAPIView[Any]):
    operation_id = "listBenchmarks"
    serializer_class = serializers.Spread
    pagination_class = Pages

    filters = (
        OpenApiParameter("edition", YEAR, description="Année de l’édition ; sinon, la dernière."),
        OpenApiParameter("by", OpenApiTypes.STR, description="Ce qui fait les groupes.", enum=GROUPINGS),
        OpenApiParameter("kind", OpenApiTypes.STR, description="Communes ou intercommunalités.", enum=Kind.values),
    )

    @extend_schema(parameters=[*filters])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.list(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        now, by = timezone.now(), known(self.request, "by", GROUPINGS) or GROUPINGS[0]
        years = _years(now)
        asked = _edition(self.request, years)
        kind = known(self.request, "kind", Kind.values) or Kind.COMMUNE
        year = asked or (years[0] if years else None)
        found = spread.scored(kind=kind, year=None if by == "edition" else year, now=now) if year else []
        return [
            {"edition": None if by == "edition" else year, "kind": kind, "by": by, "group": group}
            for group in groups(found, lambda result: getattr(result, by))
        ]


@extend_schema(description="Ce que vaut une attestation aujourd’hui. 404 pour un numéro inconnu.")
class CertificateCheck(APIView):
    """The twin of the page `/verifier/<numéro>/`: same answers, same limit. 404 when the number is unknown."""

    operation_id = "checkCertificate"
    throttle_classes = [CheckThrottle]

    @extend_schema(responses={200: serializers.Check})
    def get(self, request: Request, number: str) -> Response:
        found = status_of(number, now=timezone.now())
        if found.status is Status.UNKNOWN:
            mistyped = _("Ce numéro comporte une faute de frappe.")
            raise NotFound(mistyped if found.mistyped else _("Aucune attestation ne porte ce numéro."))
        return Response(serializers.Check(found).data)


@extend_schema(
    description="Faites vérifier un fichier (5 Mo au plus). Tant que la réponse attend, redemandez «\u202furl\u202f»."
)
class FileCheckCreate(APIView):
    """Send a file as `multipart/form-data`; the answer may be pending for a few seconds: ask its `url`.

    The file is deleted with the answer, the answer an hour later. Ten files a minute and an address, 5 MB each."""

    operation_id = "sendFile"
    throttle_classes = [FileThrottle]
    parser_classes = [MultiPartParser]

    @extend_schema(request=serializers.CheckedFile, responses={201: serializers.FileCheckAnswer})
    def post(self, request: Request) -> Response:
        policies.check_can_be_read(size=int(request.META.get("CONTENT_LENGTH") or 0))
        sent = serializers.CheckedFile(data=request.data)
        sent.is_valid(raise_exception=True)
        now = timezone.now()
        check = actions.check_file(content=sent.validated_data["file"].read(), now=now)
        return Response(serializers.FileCheckAnswer(check, context={"now": now}).data, status=201)


@extend_schema(description="La réponse sur un fichier envoyé, gardée une heure.")
class FileCheckDetail(generics.RetrieveAPIView[FileCheck]):
    """The twin of the page `/verifier/fichier/<…>/`."""

    operation_id = "getFileCheck"
    serializer_class = serializers.FileCheckAnswer
    lookup_field = lookup_url_kwarg = "token"

    def get_queryset(self) -> QuerySet[FileCheck]:
        return queries.file_checks(now=timezone.now())

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "now": timezone.now()}


@extend_schema(description="Le palmarès d’une édition en CSV, sous Licence Ouverte 2.0.")
class PalmaresCsv(APIView):
    """The palmarès of an edition as CSV, licence Ouverte 2.0, described by `palmares.schema.json`."""

    operation_id = "downloadPalmaresCsv"

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request, year: int) -> HttpResponseBase:
        rows = tables.RESULTS.rows(year, timezone.now())
        return _file(request, year, datafiles.as_csv(tables.RESULTS, rows), "csv")


@extend_schema(description="Les mêmes lignes en JSON.")
class PalmaresJson(APIView):
    """The palmarès of an edition as JSON, with the same rows."""

    operation_id = "downloadPalmaresJson"

    @extend_schema(responses={(200, "application/json"): OpenApiTypes.OBJECT})
    def get(self, request: Request, year: int) -> HttpResponseBase:
        schema = settings.SITE_URL + reverse("results:palmares-schema")
        head = {"edition": year, "licence": datafiles.LICENCE, "schema": schema}
        rows = tables.RESULTS.rows(year, timezone.now())
        return _file(request, year, datafiles.as_json(head, "results", rows), "json")


@extend_schema(description="Le schéma de table (Table Schema) du palmarès.")
class PalmaresSchema(APIView):
    """The Table Schema of the palmarès."""

    operation_id = "getPalmaresSchema"

    @extend_schema(responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request) -> HttpResponse:
        return JsonResponse(
            datafiles.table_schema(tables.RESULTS), json_dumps_params={"ensure_ascii": False, "indent": 1}
        )


def _file(request: Request, year: int, rows: Iterator[str], kind: str) -> HttpResponseBase:
    """Written as it is sent, and only when something public changed since. A year to come and a year that never was
    give the same answer."""
    now = timezone.now()
    if not visibility.announced_editions(now=now).filter(year=year).exists():
        raise Http404
    etag = quote_etag(f"{visibility.state(now=now)}-{kind}")
    answer: HttpResponseBase | None = get_conditional_response(request._request, etag=etag)
    if answer is None:
        answer = StreamingHttpResponse(rows, content_type=datafiles.KINDS[kind])
        answer["Content-Disposition"] = f'attachment; filename="palmares-{year}.{kind}"'
        answer["Link"] = f'<{datafiles.LICENCE["path"]}>; rel="license"'
    answer["ETag"] = etag
    answer["Cache-Control"] = "public, no-cache"
    return answer

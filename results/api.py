"""Public reading. Lists take `?q=` and filters and answer `{next, previous, results}`."""

from collections.abc import Collection, Iterator
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
from results import actions, policies, queries, serializers, visibility
from results.doors import datafiles, tables
from results.doors.throttles import CheckThrottle, FileThrottle
from results.models import FileCheck, PublishedInitiative, PublishedResult
from results.pages.status import Status, status_of
from results.queries import ideas, spread
from results.rules.distributions import groups
from results.wording import TOP
from scoring.hashing import canonical
from territories.doors.pagination import Pages
from territories.models import Kind, PopulationBand

YEAR = {"type": "integer", "minimum": 0, "maximum": 9999}
LEVEL = {"type": "integer", "minimum": 1, "maximum": TOP}


GROUPINGS = ["band", "region", "edition"]


def _integer(request: Request, name: str) -> int | None:
    """A number of the address; refused with its name when it is none."""
    text = request.query_params.get(name, "")
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) <= 4:
        return int(text)
    raise ValidationError({name: [_("Écrivez un nombre entier.")]})


def _level(request: Request) -> int | None:
    level = _integer(request, "level")
    if level is not None and not 1 <= level <= TOP:
        raise ValidationError({"level": [_("Un niveau va de 1 à 5.")]})
    return level


def _known(request: Request, name: str, codes: Collection[str]) -> str | None:
    """A code of the address; refused with its name when it is none of the list’s."""
    code = request.query_params.get(name)
    if code is not None and code not in codes:
        raise ValidationError({name: [_("Ce code n’existe pas\u202f: {code}.").format(code=code[:20])]})
    return code


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
        asked = self.request.query_params
        return queries.results(
            q=asked.get("q", ""),
            year=_integer(self.request, "edition"),
            level=_level(self.request),
            department=_known(self.request, "department", [code for code, *_names in queries.departments()]),
            region=_known(self.request, "region", [code for _code, _name, code, _region in queries.departments()]),
            now=timezone.now(),
        )


@extend_schema(description="Tout ce qui est publié d’un résultat, question par question.")
class ResultDetail(generics.RetrieveAPIView[PublishedResult]):
    operation_id = "getResult"
    serializer_class = serializers.WholeResult

    def get_object(self) -> PublishedResult:
        rows = visibility.in_force(now=timezone.now()).select_related("certificate").prefetch_related("initiatives")
        return generics.get_object_or_404(rows, territory__code=self.kwargs["code"], edition__year=self.kwargs["year"])


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
        band = _known(self.request, "band", [str(band.value) for band in PopulationBand])
        wanted: dict[str, str | int | None] = {
            "axis": _known(self.request, "axis", axes),
            "issue": _known(self.request, "issue", issues),
            "department": _known(self.request, "department", departments),
            "band": int(band) if band else None,
            "operator": _known(self.request, "operator", Operator.values),
            "cost": _known(self.request, "cost", Cost.values),
        }
        filters = {name: value for name, value in wanted.items() if value not in (None, "")}
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
        now, by = timezone.now(), _known(self.request, "by", GROUPINGS) or GROUPINGS[0]
        years = list(visibility.announced_editions(now=now).order_by("-year").values_list("year", flat=True))
        asked = _integer(self.request, "edition")
        if asked is not None and asked not in years:
            raise ValidationError({"edition": [_("Aucun résultat de cette édition n’est publié.")]})
        kind = _known(self.request, "kind", Kind.values) or Kind.COMMUNE
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
        check = actions.check_file(content=sent.validated_data["file"].read(), now=timezone.now())
        return Response(serializers.FileCheckAnswer(check).data, status=201)


@extend_schema(description="La réponse sur un fichier envoyé, gardée une heure.")
class FileCheckDetail(generics.RetrieveAPIView[FileCheck]):
    """The twin of the page `/verifier/fichier/<…>/`."""

    operation_id = "getFileCheck"
    serializer_class = serializers.FileCheckAnswer
    lookup_field = lookup_url_kwarg = "token"

    def get_queryset(self) -> QuerySet[FileCheck]:
        return queries.file_checks(now=timezone.now())


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

"""The API on editions and questionnaires (public), simulations (public, nothing is stored), and one's own files (by
key): the same actions and the same refusals as the pages."""

from typing import Any, cast

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.http.request import RawPostDataException
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import generics
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from accounts.refusals import Refused
from assessments import actions, queries, serializers
from assessments.actions import StaleAnswer
from assessments.doors import scorecards
from assessments.enums import AnswerState
from assessments.models import Application, Edition, Framework
from assessments.rules import numbers
from scoring import answers as engine_answers
from scoring import engine
from scoring.faults import DocumentError
from scoring.framework import Framework as EngineFramework
from scoring.model import NUMBER, Question
from scoring.texts import NotJson, decode, read_json
from territories.doors.pagination import Pages

ANYTHING = OpenApiResponse(OpenApiTypes.OBJECT)


@extend_schema(description="Les éditions, de la plus récente à la plus ancienne.")
class EditionList(generics.ListAPIView[Edition]):
    """The editions, the latest first."""

    operation_id = "listEditions"
    serializer_class = serializers.EditionSerializer
    pagination_class = Pages

    def get_queryset(self) -> QuerySet[Edition]:
        return queries.shown_editions().order_by("-year")

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "now": timezone.now()}


@extend_schema(description="Un référentiel par son empreinte\u202f: il ne change jamais.")
class FrameworkDetail(generics.RetrieveAPIView[Framework]):
    """A questionnaire by its hash: immutable, so it may be kept."""

    operation_id = "getFramework"
    serializer_class = serializers.FrameworkSerializer
    queryset = Framework.objects.defer("document")
    lookup_field = "hash"

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        response = self.retrieve(request, *args, **kwargs)
        response["Cache-Control"] = "public, max-age=86400, immutable"
        return response


@extend_schema(description="Un référentiel tel qu’il est écrit, à donner à «\u202fpython -m scoring\u202f».")
class FrameworkDocument(APIView):
    """A questionnaire as it was written, to be given to `python -m scoring`."""

    operation_id = "getFrameworkDocument"

    @extend_schema(responses={(200, "text/plain"): OpenApiTypes.STR})
    def get(self, request: Request, hash: str) -> HttpResponse:
        row = generics.get_object_or_404(Framework, hash=hash)
        headers = {"Cache-Control": "public, max-age=86400, immutable"}
        return HttpResponse(row.document, content_type="text/plain; charset=utf-8", headers=headers)


@extend_schema(description="Notez un dossier sans rien enregistrer.")
class Simulations(APIView):
    """Score an application without storing it: `{"framework_hash", "context", "answers", "initiatives"}`."""

    operation_id = "simulate"

    @extend_schema(request=OpenApiTypes.OBJECT, responses={200: ANYTHING})
    def post(self, request: Request) -> Response:
        try:
            document = _document(_body(request))
            framework = _framework(document.pop("framework_hash", None))
            application = engine_answers.parse_application(framework, document)
        except DocumentError as error:
            faults = [{"place": fault.place, "what": fault.what, "mend": fault.mend} for fault in error.faults]
            return Response({"detail": _("Ce document ne peut pas être évalué."), "faults": faults}, status=400)
        return Response(engine.score(framework, application).as_document())


@extend_schema(description="Mes dossiers.")
class ApplicationList(generics.ListAPIView[Application]):
    """My files."""

    operation_id = "listMyFiles"
    serializer_class = serializers.ApplicationSerializer
    permission_classes = [IsAuthenticated]
    pagination_class = Pages

    def get_queryset(self) -> QuerySet[Application]:
        return queries.files_of(user=_person(self.request))


@extend_schema(description="Un de mes dossiers, entier.")
class ApplicationDetail(APIView):
    """One of my files, whole."""

    operation_id = "getMyFile"
    permission_classes = [IsAuthenticated]

    @extend_schema(responses=serializers.WholeFile)
    def get(self, request: Request, code: str, year: int) -> Response:
        found = queries.file_of(user=_person(request), code=code, year=year)
        if found is None:
            raise Http404
        sheet = queries.sheet(found[0])
        result = scorecards.live(found[0], sheet=sheet)
        return Response(serializers.whole_file(found[0], sheet, result))


@extend_schema(
    description="Une réponse d’un de mes dossiers. 409, avec les deux versions, quand quelqu’un a écrit avant."
)
class AnswerDetail(APIView):
    """One answer of one of my files. 409 with both versions when somebody else was first."""

    operation_id = "saveAnswer"
    permission_classes = [IsAuthenticated]

    @extend_schema(request=serializers.AnswerInput, responses={200: ANYTHING})
    def put(self, request: Request, code: str, year: int, question_id: str) -> Response:
        given = serializers.AnswerInput(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            saved = actions.answer_question(
                code=code,
                year=year,
                question_id=question_id,
                read=lambda _framework, question: _given(question, given.validated_data),
                by=_person(request),
                now=timezone.now(),
            )
        except Application.DoesNotExist:
            raise Http404 from None
        except StaleAnswer as stale:
            question = stale.current.application.framework.parsed.question_by_id[question_id]
            body = {"detail": stale.reason, "current": serializers.answer(stale.current, question)}
            return Response(body | {"proposed": serializers.answer(stale.proposed, question)}, status=409)
        result = scorecards.live(saved.application, sheet=saved.sheet)
        question = result.framework.question_by_id[question_id]
        return Response({"answer": serializers.answer(saved.answer, question), "result": result.as_document()})


def _given(question: Question, given: dict[str, Any]) -> actions.Given:
    value = given.get("value")
    if question.kind == NUMBER and isinstance(value, (int, float, str)) and not isinstance(value, bool):
        value = numbers.read(question, str(value))
    state = AnswerState(given.get("state", AnswerState.ANSWERED))
    return actions.Given(state, value, given.get("reason", ""), given["seen"])


def _person(request: Request) -> User:
    return cast(User, request.user)


def _body(request: Request) -> bytes:
    try:
        return request.body
    except RawPostDataException:  # a form with files, which was read as one
        raise UnsupportedMediaType(request.content_type) from None


def _document(body: bytes) -> dict[str, Any]:
    """The posted JSON, read as strictly as the engine reads: no fraction, no key twice."""
    try:
        read = read_json(decode(body))
    except NotJson as error:
        raise DocumentError([error.fault]) from None
    if read.faults:
        raise DocumentError(read.faults)
    if not isinstance(read.value, dict):
        raise Refused(_("Un objet JSON est attendu."))
    return read.value


def _framework(framework_hash: Any) -> EngineFramework:
    row = Framework.objects.defer("document").filter(hash=str(framework_hash)).first()
    if row is None:
        raise Refused(_("« framework_hash » n’est pas l’empreinte d’un référentiel connu."))
    return row.parsed

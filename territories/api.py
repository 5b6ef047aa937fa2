"""The official list, for anyone."""

from typing import Any

from django.shortcuts import redirect
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from territories import queries
from territories.doors.filters import known
from territories.doors.pagination import Pages
from territories.models import Department, Kind, Territory


class TerritorySerializer(serializers.ModelSerializer[Territory]):
    """`department`, `region` and `epci` are codes (INSEE, INSEE, SIREN); `band` is the lower bound, in inhabitants."""

    department = serializers.CharField(source="department_id", read_only=True)
    region = serializers.CharField(source="department.region_id", read_only=True)
    epci = serializers.CharField(source="epci.code", default=None, allow_null=True, read_only=True)

    class Meta:
        model = Territory
        fields = ["code", "kind", "name", "siren", "department", "region", "epci", "population", "band"]


FILTERS = (
    OpenApiParameter("q", OpenApiTypes.STR, description="Nom, code INSEE, SIREN ou code postal."),
    OpenApiParameter("kind", OpenApiTypes.STR, enum=Kind.values, description="Commune ou intercommunalité."),
    OpenApiParameter("department", OpenApiTypes.STR, description="Code du département."),
)


def _departments() -> list[str]:
    return list(Department.objects.values_list("code", flat=True))


@extend_schema(description="Les communes et les intercommunalités de la liste officielle.")
class TerritoryList(generics.ListAPIView[Territory]):
    operation_id = "listTerritories"
    serializer_class = TerritorySerializer
    pagination_class = Pages
    filters = FILTERS

    @extend_schema(parameters=[*filters])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.list(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        asked = self.request.query_params
        kind = known(self.request, "kind", Kind.values)
        department = known(self.request, "department", _departments() if "department" in asked else ())
        return queries.matching(asked.get("q", ""), kind=kind, department=department)


@extend_schema(description="Une collectivité par son code. Un ancien code mène à la collectivité d’aujourd’hui.")
class TerritoryDetail(generics.RetrieveAPIView[Territory]):
    operation_id = "getTerritory"
    serializer_class = TerritorySerializer
    lookup_field = "code"
    queryset = Territory.objects.select_related("department", "epci")

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """An old code leads to the territory of today, for good."""
        code = kwargs["code"]
        if not self.get_queryset().filter(code=code).exists() and (today := queries.now_called(code)):
            return redirect("territories:api-detail", today.code, permanent=True)
        return self.retrieve(request, *args, **kwargs)

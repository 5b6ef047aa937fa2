from django.urls import URLPattern, URLResolver, path

from territories import api, views

app_name = "territories"

urlpatterns: list[URLPattern | URLResolver] = [
    path("territoires/recherche/", views.search, name="search"),
    path("api/v1/territories/", api.TerritoryList.as_view(), name="api-list"),
    path("api/v1/territories/<str:code>/", api.TerritoryDetail.as_view(), name="api-detail"),
]

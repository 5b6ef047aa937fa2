"""The files of open data: what they say, in every form; made once; never what is embargoed or withdrawn."""

import csv
import hashlib
import io
import json
import xml.etree.ElementTree as ElementTree
from datetime import timedelta
from decimal import Decimal

import openpyxl
import pytest
import rdflib
from django.core.files.storage import default_storage
from django.utils import timezone
from frictionless import Package, Resource, system

from outbox.doors import files
from outbox.models import Job, StoredFile
from results import actions
from results.doors import datafiles, tables
from results.jobs import opendata
from results.models import DataFile, DataRelease, PastLaureate, PublicState, PublishedResult

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")


@pytest.fixture
def release(run_jobs):
    """`release()`: the clock asks, the worker makes; the version that is given now."""

    def _release():
        actions.refresh_data(now=timezone.now())
        run_jobs("data.release", "file.erase")
        return DataRelease.objects.order_by("-number").first()

    return _release


def read(client, address, **headers):
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200, address
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def rows(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.fixture
def laureate(aubaine):
    return PastLaureate.objects.create(year=2004, territory=aubaine, name="Aubaine", level=4, source="« Le palmarès »")


def test_every_table_is_given_in_every_form(client, published, laureate, release):
    release()

    given = set(DataFile.objects.values_list("scope", "table", "kind"))
    assert given == {
        (scope, table.name, kind)
        for scope in ("tout", "2027")
        for table in tables.TABLES.values()
        for kind in datafiles.KINDS
        if scope == "tout" or table.by_edition
    }
    for scope, table, kind in given:
        assert read(client, f"/donnees/{scope}/{table}.{kind}")


@pytest.mark.parametrize("table", tables.TABLES)
def test_forms_say_the_same(client, published, laureate, release, table):
    release()

    by_csv = rows(read(client, f"/donnees/tout/{table}.csv"))
    by_json = json.loads(read(client, f"/donnees/tout/{table}.json"))["rows"]
    sheet = openpyxl.load_workbook(io.BytesIO(read(client, f"/donnees/tout/{table}.xlsx")))["Données"]
    by_xlsx = [[cell.value for cell in row] for row in sheet.iter_rows()]

    assert list(by_csv[0] if by_csv else tables.TABLES[table].names) == by_xlsx[0] == list(tables.TABLES[table].names)
    assert len(by_csv) == len(by_json) == len(by_xlsx) - 1
    for one, other, third in zip(by_csv, by_json, by_xlsx[1:], strict=True):
        for name, text, value, cell in zip(one, one.values(), other.values(), third, strict=True):
            if isinstance(value, bool):
                assert text == cell == str(value).lower(), name
            elif value is None or value == "":
                assert (text, cell) == ("", None), name
            elif isinstance(value, int | float):
                assert Decimal(text) == Decimal(str(value)) == Decimal(str(cell)), name
            else:
                assert text.removeprefix("'") == value == cell, name


def test_codes_are_text_and_scores_numbers_in_a_workbook(client, published, release):
    release()

    sheet = openpyxl.load_workbook(io.BytesIO(read(client, "/donnees/2027/resultats.xlsx")))["Données"]
    found = dict(zip(*(list(row) for row in sheet.iter_rows(values_only=True)), strict=True))

    assert (found["code"], found["level"], found["overall"]) == ("01901", 3, 64.3)


def test_aggregates_say_nothing_of_fewer_than_five(client, published, release):
    release()

    assert rows(read(client, "/donnees/tout/agregats.csv")) == []


def test_aggregates_of_five(client, make_file, department, publish, announce, release):
    from tests.conftest import make_territory

    for n in range(5):
        make_file(make_territory(department, f"0191{n}", f"Commune {n}", 700), level=n + 1 if n < 4 else 3)
    publish()
    announce()
    release()

    found = rows(read(client, "/donnees/2027/agregats.csv"))

    assert [(row["group"], row["name"], row["results"]) for row in found] == [
        ("ensemble", "Ensemble", "5"),
        ("kind", "Communes", "5"),
        ("band", "de 500 à 1\u202f999 habitants", "5"),
        ("region", "Auvergne-Rhône-Alpes", "5"),
        ("department", "Ain", "5"),
    ]
    assert [found[0][f"level_{n}"] for n in range(1, 6)] == ["1", "1", "2", "1", "0"]
    assert (found[0]["overall_q1"], found[0]["overall_median"], found[0]["overall_q3"]) == ("64.3",) * 3


def test_frictionless_finds_every_csv_valid(client, published, laureate, release, tmp_path):
    release()
    package = json.loads(read(client, "/donnees/datapackage.json"))
    for resource in package["resources"]:
        path = tmp_path / resource["path"]
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(read(client, f"/donnees/{resource['path']}"))
    (tmp_path / "datapackage.json").write_text(json.dumps(package))
    checked = 0

    with system.use_context(trusted=True):
        assert Package.validate_descriptor(package).valid
        for resource in package["resources"]:
            if resource["format"] == "csv":
                described = {name: resource[name] for name in ("name", "path", "bytes", "hash", "schema", "encoding")}
                report = Resource.from_descriptor(described, basepath=str(tmp_path)).validate()
                assert report.valid, report.flatten(["rowNumber", "fieldName", "note"])
                checked += 1
    assert checked == 13


def test_manifest_tells_the_digest_of_each_file(client, published, release):
    release()

    for resource in json.loads(read(client, "/donnees/datapackage.json"))["resources"]:
        content = read(client, f"/donnees/{resource['path']}")
        assert (resource["hash"], resource["bytes"]) == (f"sha256:{hashlib.sha256(content).hexdigest()}", len(content))


# The library's own parser of JSON-LD uses what the library gives up.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_catalogue_is_read_by_a_library_of_rdf(client, published, release):
    release()
    graph = rdflib.Graph().parse(data=read(client, "/donnees/catalogue.jsonld"), format="json-ld")

    datasets = list(graph.subjects(rdflib.RDF.type, DCAT.Dataset))
    links = {str(link) for link in graph.objects(None, DCAT.downloadURL)}

    assert len(list(graph.objects(None, DCAT.dataset))) == len(datasets) == 13
    assert links == {datafiles.address(file) for file in DataFile.objects.all()}
    for dataset in datasets:
        for needed in (rdflib.DCTERMS.title, rdflib.DCTERMS.description, rdflib.DCTERMS.license, DCAT.distribution):
            assert list(graph.objects(dataset, needed)), needed


def test_same_state_is_made_once(published, release):
    first = release()
    second = release()

    assert first == second
    assert Job.objects.filter(kind="data.release").count() == 1


def test_made_anew_gives_the_same_bytes(published, release, run_jobs):
    first = release()
    before = set(first.files.values_list("scope", "table", "kind", "file"))
    DataRelease.objects.all().delete()

    again = release()

    assert set(again.files.values_list("scope", "table", "kind", "file")) == before


def test_state_that_changes_no_file_makes_no_version(published, release):
    first = release()
    PublicState.moved()

    second = release()

    assert (second.number, second.pk) == (first.number, first.pk)
    assert second.state != first.state


def test_withdrawn_is_in_no_file_at_the_first_request(client, published, release, organiser):
    release()
    actions.withdraw(result=published, reason="Une erreur de saisie.", by=organiser, now=timezone.now())

    for address in ("/donnees/2027/resultats.csv", "/donnees/datapackage.json", "/donnees/catalogue.jsonld"):
        answer = client.get(address)
        # The certificate waits, and goes first.
        assert (answer.status_code, answer["Retry-After"]) == (503, "300"), address

    assert release().number == 2
    for table in ("resultats", "axes", "initiatives"):
        assert rows(read(client, f"/donnees/2027/{table}.csv")) == []


def test_files_of_a_former_version_are_erased(published, release, organiser):
    """But for those that the new one has too."""
    former = {file.file for file in release().files.all()}
    actions.withdraw(result=published, reason="Une erreur.", by=organiser, now=timezone.now())

    now_given = {file.file for file in release().files.all()}

    assert now_given & former
    gone = former - now_given
    assert gone
    assert not StoredFile.objects.filter(pk__in=[stored.pk for stored in gone]).exists()
    assert [stored for stored in gone if default_storage.exists(files.path_of(stored.sha256))] == []
    assert [stored for stored in now_given if not default_storage.exists(files.path_of(stored.sha256))] == []
    assert [row.number for row in DataRelease.objects.all()] == [2]


def test_edition_put_off_gives_its_files_no_more(client, published, release, edition, now):
    release()
    edition.results_at = now + timedelta(hours=1)
    edition.save()

    assert client.get("/donnees/2027/resultats.csv").status_code == 404
    assert client.get("/donnees/tout/resultats.csv").status_code == 503


def test_embargoed_edition_is_in_no_file(client, make_file, aubaine, publish, release):
    make_file(aubaine)
    publish()
    release()

    assert not DataFile.objects.filter(scope="2027").exists()
    assert rows(read(client, "/donnees/tout/resultats.csv")) == []
    assert client.get("/donnees/2027/resultats.csv").status_code == 404


@pytest.mark.parametrize(
    "address", ["2031/resultats.csv", "tout/rien.csv", "tout/resultats.pdf", "2027/palmares-villes-internet.csv"]
)
def test_file_that_is_none_is_not_found(client, published, release, address):
    release()

    assert client.get(f"/donnees/{address}").status_code == 404


def test_file_is_sent_again_only_when_it_changed(client, published, release):
    release()
    first = client.get("/donnees/2027/resultats.csv")
    assert b"".join(first)

    for header in ({"If-None-Match": first["ETag"]}, {"If-Modified-Since": first["Last-Modified"]}):
        assert client.get("/donnees/2027/resultats.csv", headers=header).status_code == 304
    assert read(client, "/donnees/2027/resultats.csv", **{"If-None-Match": '"autre"'})


def test_change_meanwhile_keeps_nothing(published, organiser, run_jobs):
    job = actions.refresh_data(now=timezone.now())
    actions.withdraw(result=published, reason="Une erreur de saisie.", by=organiser, now=timezone.now())

    assert run_jobs("data.release") == ["data.release"]
    assert not DataRelease.objects.exists()
    assert actions.refresh_data(now=timezone.now()) != job


def test_change_in_the_middle_stops_the_work(published, monkeypatch, run_jobs):
    stored, real = [], opendata._stored

    def moving(*args):
        PublicState.moved()
        stored.append(args)
        return real(*args)

    monkeypatch.setattr(opendata, "_stored", moving)
    actions.refresh_data(now=timezone.now())
    run_jobs("data.release")

    assert len(stored) == len(datafiles.KINDS)
    assert not DataRelease.objects.exists()


def entries(client, address):
    feed = ElementTree.fromstring(read(client, address))
    return [(entry.find(f"{ATOM}title").text, entry.find(f"{ATOM}id").text) for entry in feed.iter(f"{ATOM}entry")]


def test_feeds_tell_what_stands_and_what_does_not(client, published, organiser):
    number = published.certificate.number
    site = "http://127.0.0.1:8000"
    told = ("Aubaine, 2027 : 3\u00a0arobases sur\u00a05", f"{site}/verifier/{number}/")
    assert (entries(client, "/donnees/resultats.atom"), entries(client, "/donnees/retraits.atom")) == ([told], [])

    actions.withdraw(result=published, reason="Une erreur de saisie.", by=organiser, now=timezone.now())

    assert entries(client, "/donnees/resultats.atom") == []
    assert [title for title, _id in entries(client, "/donnees/retraits.atom")] == [
        "Aubaine, 2027 : résultat retiré. Une erreur de saisie."
    ]


def test_sitemap_lists_pages_that_answer(client, published, laureate):
    found = ElementTree.fromstring(read(client, "/sitemap.xml"))
    paths = [url[0].text.removeprefix("http://127.0.0.1:8000") for url in found]

    assert {"/", "/donnees/", "/annuaire/01901/"} <= set(paths)
    assert any(path.startswith("/initiatives/") and path != "/initiatives/" for path in paths)
    assert {client.get(path).status_code for path in paths} == {200}


def test_robots_are_kept_from_private_pages(client, db):
    told = read(client, "/robots.txt").decode()

    assert "Disallow: /dossiers/\n" in told
    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml\n" in told


def test_demonstration_is_for_no_robot(client, db, settings):
    settings.INSTANCE = settings.INSTANCE | {"demo": True}

    assert "Disallow: /\n" in read(client, "/robots.txt").decode()


def test_page_lists_the_files(client, published, laureate, release):
    release()

    page = read(client, "/donnees/").decode()

    for file in DataFile.objects.all():
        assert f'href="/donnees/{file.scope}/{file.table}.{file.kind}"' in page


def test_page_without_files_leads_to_the_palmares(client, published):
    page = read(client, "/donnees/").decode()

    assert "en train d’être refaits" in page
    assert 'href="/api/v1/palmares-2027.csv"' in page


def test_level_zero_is_nowhere(client, make_file, aubaine, publish, announce, release):
    make_file(aubaine)
    publish()
    announce()
    PublishedResult.objects.update(level=0)
    release()

    assert rows(read(client, "/donnees/tout/resultats.csv")) == []
    assert entries(client, "/donnees/resultats.atom") == []

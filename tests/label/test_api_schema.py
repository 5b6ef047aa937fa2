"""The OpenAPI document is valid, and says what is true."""

import json
import re

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from label import api_pages

METHODS = set(api_pages.METHODS)


@pytest.fixture(scope="module")
def document():
    return json.loads(api_pages.rendered())


@pytest.fixture(scope="module")
def operations(document):
    return [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    ]


def test_document_is_valid(document):
    assert document["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_nothing_is_nullable_in_the_former_way(document):
    assert '"nullable"' not in json.dumps(document)


def test_only_ones_own_files_ask_for_a_key(operations):
    asking = {path for path, _method, operation in operations if operation.get("security")}

    assert asking == {path for path, *_rest in operations if path.startswith("/api/v1/applications/")}


def test_names_read_well_and_differ(operations):
    names = [operation["operationId"] for *_where, operation in operations]

    assert len(set(names)) == len(names)
    assert all(re.fullmatch("(list|get|check|send|download|simulate|save)[A-Za-z]*", name) for name in names)


def test_each_call_is_described(operations):
    for _path, _method, operation in operations:
        assert operation["description"].endswith(".")
        assert all(each["description"] for each in operation.get("parameters", []) if each["in"] == "query")


def test_refusals_are_declared(operations):
    for path, method, operation in operations:
        declared = set(operation["responses"])
        assert {"401", "429"} <= declared
        assert "404" in declared or "{" not in path
        assert method == "get" or {"400", "413", "415"} <= declared
        assert "409" in declared or method != "put"


def test_refusals_are_problems(operations):
    for *_where, operation in operations:
        for status, answer in operation["responses"].items():
            assert (list(answer["content"]) == ["application/problem+json"]) == (int(status) >= 400)

"""What the engine once answered, it answers for ever: see golden/README.md."""

import json
from pathlib import Path

import pytest

from scoring import answers, engine, framework

GOLDEN = Path(__file__).parent / "golden"
FOLDERS = sorted(path.parent for path in GOLDEN.glob("*/results.jsonl"))
EDITIONS = Path(__file__).parents[2] / "assessments" / "editions"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_frozen_results_replayed_to_the_byte(folder):
    rules = framework.load((folder / "framework.yaml").read_bytes())
    assert folder.name.endswith(f"-{rules.hash[:12]}")
    lines = (folder / "results.jsonl").read_bytes().splitlines()
    assert len(lines) >= 16
    for line in map(json.loads, lines):
        again = engine.score(rules, answers.parse_application(rules, line["application"])).as_document()
        assert {name: again[name] for name in line["result"]} == line["result"]


@pytest.mark.parametrize("path", sorted(EDITIONS.glob("*/framework.yaml")), ids=lambda path: path.parent.name)
def test_every_shipped_questionnaire_is_in_the_corpus(path):
    rules = framework.load(path.read_bytes())
    name = f"{path.parent.name}-{rules.hash[:12]}"
    assert name in {folder.name for folder in FOLDERS}, f"python -m tests.scoring.freeze {path.parent.name}"


def test_corpus_has_every_level_met_in_practice():
    levels = {
        json.loads(line)["result"]["level"]
        for folder in FOLDERS
        for line in (folder / "results.jsonl").read_bytes().splitlines()
    }
    assert levels >= {1, 2, 3}

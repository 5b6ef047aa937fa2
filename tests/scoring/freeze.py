"""Freeze simulated results of a questionnaire into the golden corpus: `python -m tests.scoring.freeze 2027`.

To be run when the questionnaire of an edition changed: its new version gets a folder of its own. A folder that exists
is never written again; see `golden/README.md`."""

import json
import sys
from pathlib import Path

from bench import scoring as seeded
from scoring import answers, engine, framework
from scoring.hashing import canonical

GOLDEN = Path(__file__).parent / "golden"
COUNT = 16


def main(year: str) -> None:
    source = seeded.ROOT / "assessments" / "editions" / year / "framework.yaml"
    rules = framework.load(source.read_bytes())
    folder = GOLDEN / f"{year}-{rules.hash[:12]}"
    folder.mkdir()
    (folder / "framework.yaml").write_bytes(source.read_bytes())
    communes = list(seeded.communes())
    columns = seeded.seeded_columns(rules, communes[:: len(communes) // COUNT][:COUNT])
    with (folder / "results.jsonl").open("wb") as file:
        for row in range(columns.size):
            document = seeded.document(rules, columns, row)
            result = engine.score(rules, answers.parse_application(rules, json.loads(json.dumps(document))))
            frozen = {name: result.as_document()[name] for name in ("level", "overall", "input_hash", "result_hash")}
            file.write(canonical({"application": document, "result": frozen}) + b"\n")


if __name__ == "__main__":
    main(sys.argv[1])

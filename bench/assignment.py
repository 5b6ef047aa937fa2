"""The sharing of a season between readers: 1,500 files, 30 jurors, conflicts drawn at random."""

import random
import time
from collections import Counter
from typing import Any

from jury.rules.assignment import balance

FILES, JURORS, READERS, REGIONS = 1_500, 30, 2, 18
CONFLICTS = 0.1
AXES = ("inclusion", "sovereignty", "ecology", "services", "")
SEED = 2027


def season() -> dict[str, Any]:
    """What `balance` takes."""
    rng = random.Random(SEED)  # noqa: S311 -- a measure, repeatable on purpose
    return {
        "needs": dict.fromkeys(range(FILES), READERS),
        "eligible": {file: [one for one in range(JURORS) if rng.random() > CONFLICTS] for file in range(FILES)},
        "loads": {},
        "regions": {file: str(rng.randrange(REGIONS)) for file in range(FILES)},
        "expertise": {juror: rng.choice(AXES) for juror in range(JURORS)},
    }


def main() -> None:
    asked = season()
    started = time.perf_counter()
    pairs = balance(**asked)
    seconds = time.perf_counter() - started
    violated = sum(juror not in asked["eligible"][file] for file, juror in pairs)
    again = "the same" if balance(**asked) == pairs else "ANOTHER ONE"
    loads = Counter(juror for _file, juror in pairs)
    work = f"{FILES} files shared between {JURORS} jurors, {READERS} readers each"
    spread = max(loads.values()) - min(loads.values())
    print(
        f"{work:44} {seconds:8.1f} s  (aim: < 10 s); loads differ by {spread}, "
        f"conflicts violated: {violated}, result of a second run: {again}"
    )


if __name__ == "__main__":
    main()

"""The life of an application as a page: drawn from the table of moves, never by hand."""

from assessments.enums import State
from assessments.transitions import MOVES, NEED_REASON, OWNERS

HEAD = """# Life of an application

Drawn from `assessments/transitions.py` by `manage.py draw_life`; a test fails when this page is stale.
A move marked `*` must say why, to the people whose file it is.
"""


def page() -> str:
    """The whole page, in Markdown with a Mermaid diagram and a table."""
    lines = [HEAD, "```mermaid", "stateDiagram-v2", "    [*] --> draft"]
    lines += [f"    {before} --> {after}: {_who(before, after)}" for before, after in MOVES]
    lines += ["```", "", "| state | in French | whose turn it is |", "| --- | --- | --- |"]
    lines += [f"| `{state}` | {state.label} | {OWNERS[state]} |" for state in State]
    return "\n".join(lines) + "\n"


def _who(before: State, after: State) -> str:
    return MOVES[before, after] + ("*" if (before, after) in NEED_REASON else "")

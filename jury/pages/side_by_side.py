"""Two files axis by axis, as one juror may see each."""

from collections.abc import Sequence
from dataclasses import dataclass

from assessments.models import Application
from jury.models import Assignment, Review
from jury.pages.trace import AxisTrace, Item, Row, Trace


@dataclass(frozen=True)
class Side:
    """One file: `review` is this juror's own reading, `others` those of the others that may be seen."""

    trace: Trace
    review: Review | None
    others: Sequence[Assignment]

    def cell(self, axis: str) -> "Cell | None":
        """Nothing where the questionnaire of this file has no such axis."""
        trace = next((one for one in self.trace.axes if one.id == axis), None)
        if trace is None:
            return None
        mark = self.review.marks.get(axis) if self.review else None
        others = [row.review.marks.get(axis) for row in self.others]
        items = [item for item in self.trace.items if item.placed.axis == axis]
        return Cell(self.trace.application, trace, mark, [one for one in others if one is not None], items)


@dataclass(frozen=True)
class Cell:
    """What one axis of a file holds; `items`: its initiatives, where the questionnaire places them on an axis."""

    application: Application
    axis: AxisTrace
    mark: int | None
    others: list[int]
    items: list[Item]


@dataclass(frozen=True)
class Line:
    """A question, as each file answers it; nothing where it is not asked."""

    text: str
    rows: list[Row | None]

    @property
    def differs(self) -> bool:
        said = [row and (row.answer, row.earned, row.possible, row.ruling and row.ruling.accepted) for row in self.rows]
        return said[0] != said[1]


@dataclass(frozen=True)
class Axis:
    id: str
    title: str
    cells: list[Cell | None]
    lines: list[Line]

    @property
    def differing(self) -> list[Line]:
        return [line for line in self.lines if line.differs]

    @property
    def alike(self) -> list[Line]:
        return [line for line in self.lines if not line.differs]


def axes(sides: Sequence[Side]) -> list[Axis]:
    """In the order of the first file's questionnaire."""
    return [_axis(axis.id, axis.title["fr"], sides) for axis in sides[0].trace.framework.axes]


def _axis(name: str, title: str, sides: Sequence[Side]) -> Axis:
    cells = [side.cell(name) for side in sides]
    by_id = [{row.id: row for row in cell.axis.rows} if cell else {} for cell in cells]
    asked = {row.id: row.text for rows in by_id for row in rows.values()}
    return Axis(name, title, cells, [Line(text, [rows.get(one) for rows in by_id]) for one, text in asked.items()])

"""Tables that become blocks on a phone: what the sheet needs to draw them, and what blocks take from screen readers."""

import re

from django.utils.html import strip_tags
from django.utils.safestring import SafeString

_HEAD = re.compile(r"<thead\b.*?</thead>", re.DOTALL)
_COLUMN = re.compile(r"<th\b[^>]*>(.*?)</th>", re.DOTALL)
_PIECE = re.compile(r"<(thead|tbody|tr|th|td)\b([^>]*)>")
_SPAN = re.compile(r"\bcolspan=[\"']?(\d+)")
_ROLES = {"thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "td": "cell"}


def labelled(content: str) -> SafeString:
    """The same thead and tbody: each cell says its column (`data-label`), and each piece its role.

    The first cell of a row, its heading, and a cell over several columns say no column."""
    head = _HEAD.search(content)
    columns = [_plain(column) for column in _COLUMN.findall(head.group())] if head else []
    place, inside = 0, ""

    def written(piece: re.Match[str]) -> str:
        nonlocal place, inside
        tag, attributes = piece.groups()
        if tag in ("thead", "tbody"):
            inside = tag
        elif tag == "tr":
            place = 0
        role = _ROLES.get(tag) or ("columnheader" if inside == "thead" else "rowheader")
        said = f' role="{role}"'
        if tag in ("th", "td"):
            span = _SPAN.search(attributes)
            label = columns[place] if place < len(columns) else ""
            if tag == "td" and inside == "tbody" and place and label and not span and "data-label" not in attributes:
                said += f' data-label="{label}"'
            place += int(span.group(1)) if span else 1
        return f"<{tag}{attributes}{said}>"

    return SafeString(_PIECE.sub(written, content))


def _plain(column: str) -> str:
    return " ".join(strip_tags(column).split()).replace('"', "&quot;")

"""Tags and filters of every page: the arobases, bars, icons, states, and French typography. Loaded everywhere."""

import re
from collections.abc import Hashable, Iterable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from django import template
from django.contrib.messages.storage.base import Message
from django.forms import BaseForm, BoundField
from django.template.context import Context, RequestContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts import wording as accounts
from assessments import visibility, wording
from assessments.enums import State
from assessments.models import Application
from assessments.rules import zones
from documents import french
from label import guide as user_guide
from label import markdown, pieces, tables
from outbox import jobs
from outbox.jobs import heartbeat
from outbox.models import Queue
from scoring import display
from scoring.display import percentage

register = template.Library()
register.filter("markdown", markdown.rendered)
register.filter("device", accounts.device)

NARROW = french.NARROW
STEP = 1240  # from one arobase of a row to the next; each is 1,000 wide
Share = Fraction | Decimal | str | tuple[int, int] | list[int] | None

DRAWINGS = """ok info warning danger cross minus todo clock pencil sent download eye return flag search file link lock
user people calendar plus trash next previous bulb history"""
ICONS = frozenset(DRAWINGS.split())
TONES = ("ok", "info", "warning", "danger")
STATES = {
    "draft": ("neutral", "pencil"),
    "submitted": ("info", "sent"),
    "under_review": ("info", "eye"),
    "returned": ("warning", "return"),
    "ineligible": ("danger", "cross"),
    "withdrawn": ("neutral", "minus"),
    "decided": ("ok", "ok"),
    "published": ("ok", "flag"),
    "open": ("ok", "ok"),
    "closed": ("neutral", "lock"),
    "filed": ("info", "sent"),
    "upheld": ("ok", "ok"),
    "rejected": ("danger", "cross"),
    "requested": ("info", "clock"),
    "active": ("ok", "ok"),
    "refused": ("danger", "cross"),
    "ended": ("neutral", "minus"),
    "todo": ("neutral", "todo"),
    "running": ("info", "clock"),
    "done": ("ok", "ok"),
    "dead": ("danger", "danger"),
    "sent": ("ok", "sent"),
    "failed": ("danger", "danger"),
    "kept": ("warning", "minus"),
    "missing": ("neutral", "todo"),
    "weak": ("warning", "warning"),
}
MESSAGE_TONES = {"debug": "info", "info": "info", "success": "ok", "warning": "warning", "error": "danger"}


@lru_cache(maxsize=512, typed=True)
def _drawn(component: str, /, **values: Hashable) -> SafeString:
    """A small component. All that it says is in `values`: pages repeat the same ones by the hundred."""
    drawing = template.Engine.get_default().get_template(f"components/{component}.html")
    return SafeString(drawing.render(Context(values)))


@register.simple_tag(takes_context=True)
def drawn(context: Context, path: str, **values: Any) -> SafeString:
    """A piece of the page that says nothing but `values`: kept, and never out of date (`label.pieces`)."""
    html = pieces.drawn(path, values)
    if pieces.token() in html:
        html = html.replace(pieces.token(), str(context["csrf_token"]))
    return SafeString(html)


@register.simple_tag
def arobases(level: int | None, size: str = "") -> SafeString:
    """The row of five and its words. `level`: 1 to 5, or None without a level; `size`: "" or "large"."""
    earned = level or 0
    if not 0 <= earned <= french.TOP_LEVEL:
        raise ValueError(f"no such level: {level}")
    marks = tuple((i * STEP, i < earned) for i in range(french.TOP_LEVEL))
    return _drawn("arobases", marks=marks, words=french.level(earned), size=size)


def share_of(value: Share) -> Fraction | None:
    """An exact share of 1 from a fraction, `"n/d"`, or a pair earned and possible; None without a point to earn."""
    if isinstance(value, tuple | list):
        earned, possible = value
        return Fraction(earned, possible) if possible else None
    return None if value is None else Fraction(value)


def percent_in_words(value: Share) -> str:
    return wording.percent(share_of(value))


@register.simple_tag
def percent(value: Share) -> str:
    """`62,5 %`, one decimal, rounded down from the exact share; a dash without a point to earn."""
    return percent_in_words(value)


@register.inclusion_tag("components/meter.html")
def meter(value: Share, label: str, axis: str = "") -> dict[str, object]:
    """A bar on the fixed scale 0 to 100, with its name and value in words. `axis`: an axis id, for the colour."""
    width = percentage(share_of(value))
    return {"words": percent_in_words(value), "width": str(width or 0), "label": label, "axis": axis}


@register.inclusion_tag("components/bar.html")
def bar(value: Share, label: str, axis: str = "", minimum: int | None = None, why: str = "") -> dict[str, object]:
    """One line of `.bars`: name, bar on the fixed scale 0 to 100, value.

    `minimum`: a tick, the minimum of the next level, in percent; `why`: what lacks to it, in words."""
    width = percentage(share_of(value))
    shown = {"words": percent_in_words(value), "width": str(width or 0), "label": label}
    return {**shown, "axis": axis, "minimum": minimum, "why": why}


SCALE_WIDTH, SCALE_START = 292, 4


@register.inclusion_tag("components/levels.html")
def levels(value: Share, thresholds: Iterable[tuple[int, int]]) -> dict[str, object]:
    """The overall score on the fixed scale 0 to 100, the thresholds named on it.

    `thresholds`: pairs of a level and the least score, in percent, that it asks for."""
    score = percentage(share_of(value)) or Decimal(0)
    shown = [(level, _place(minimum), score >= minimum, minimum) for level, minimum in thresholds]
    each = _("%(level)s à %(score)s\u202f%%")
    said = ", ".join(each % {"level": french.level(level), "score": minimum} for level, _x, _on, minimum in shown)
    return {
        "words": percent_in_words(value),
        "width": str(score * SCALE_WIDTH / 100),
        "middle": str(min(max(_place(score), Decimal(26)), Decimal(274))),
        "ticks": [(level, str(x), reached) for level, x, reached, _minimum in shown],
        "said": said,
    }


def _place(score: int | Decimal) -> Decimal:
    return SCALE_START + Decimal(score) * SCALE_WIDTH / 100


SEGMENTS = 20  # drawn at most


@register.simple_tag
def segs(done: int, total: int) -> SafeString:
    """One segment a thing to do, the done ones filled; of more than a phone can part, their share, rounded down.
    Hidden from screen readers: the figure stands beside."""
    drawn = min(total, SEGMENTS)
    filled = done if total == drawn else done * drawn // total
    return _drawn("segs", filled=tuple(index < filled for index in range(drawn)))


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A drawing of the sprite. Without `label` it is hidden from screen readers: a word stands beside it."""
    if name not in ICONS:
        raise ValueError(f"no such icon: {name}")
    return _drawn("icon", name=name, label=label)


@register.simple_tag
def status(state: str, word: str) -> SafeString:
    """The state of something: tone, icon and word. A state without a drawing of its own is neutral."""
    tone, drawing = STATES.get(state.lower(), ("neutral", "info"))
    return _drawn("status", tone=tone, icon=drawing, word=str(word))


@register.simple_tag
def somebody_works() -> bool:
    """Where a page waits for a worker: does one live?"""
    return heartbeat.somebody_works()


@register.filter
def shown_state(application: Application) -> State:
    """What may be known of a file now, but by the organiser and the chair."""
    return visibility.shown_state(application, timezone.now())


@register.simple_tag
def file_status(application: Application) -> SafeString:
    """Its state, as far as it may be known."""
    state = shown_state(application)
    return status(state.value, str(state.label))


@register.inclusion_tag("components/guide.html")
def guide(name: str) -> dict[str, object]:
    """The way to the page of the guide for the people of this page."""
    return {"page": user_guide.page(name)}


@register.simple_block_tag(takes_context=True)
def callout(context: RequestContext, content: SafeString, tone: str, title: str, role: str = "") -> SafeString:
    """A note set apart. `tone`: ok, info, warning or danger; `role`: "status" or "alert" when it appears by itself."""
    if tone not in TONES:
        raise ValueError(f"no such tone: {tone}")
    return _component("callout", context, content=content, tone=tone, icon=tone, title=title, role=role)


@register.simple_block_tag(takes_context=True)
def table(
    context: RequestContext, content: SafeString, caption: str, kind: str = "", hidden: bool = False
) -> SafeString:
    """A table that scrolls within itself and can be reached by keyboard. `content`: thead and tbody.

    `kind`, for a phone: "stack", a block a row; "pairs", the same with two values a line; "scroll", a matrix whose
    first column stays; "snug" beside one of them, smaller and closer; "run" beside "pairs", values one after the
    other; "even", columns of one width."""
    name = f"table-{slugify(caption)}"
    stacked = bool({"stack", "pairs"} & {*kind.split()})
    if stacked:
        content = tables.labelled(content)
    return _component(
        "table", context, content=content, caption=caption, hidden=hidden, id=name, kind=kind, stacked=stacked
    )


def _component(name: str, context: RequestContext, **values: object) -> SafeString:
    engine = context.template.engine if context.template else template.Engine.get_default()
    return engine.get_template(f"components/{name}.html").render(context.new(values))


@register.inclusion_tag("components/nav_link.html", takes_context=True)
def nav_link(context: dict[str, Any], name: str, label: str, set: bool = False) -> dict[str, object]:
    """A link of the menu, which says when it leads here (`page`) or to the part of the site around (`true`).

    `set`: the first of a set, after a rule."""
    href, path = reverse(name), context["request"].path
    current = "page" if path == href else "true" if path.startswith(href) else ""
    return {"href": href, "label": label, "current": current, "set": set}


@register.filter
def is_optional(field: BoundField) -> bool:
    """Worth saying "facultatif": only in a form where something else is required, so never in a search."""
    return not field.field.required and any(other.required for other in field.form.fields.values())


@register.filter
def message_tone(message: Message) -> str:
    return MESSAGE_TONES[message.level_tag]


@register.filter(expects_localtime=True)
def french_date(value: date | None) -> str:
    """`12 novembre 2027`, `1er mars 2027`; nothing for None."""
    return french.day(value) if value else ""


@register.filter(expects_localtime=True)
def french_datetime(value: datetime | None) -> str:
    """`12 novembre 2027 à 17 h 05`, Paris time; nothing for None."""
    return french.moment(value) if value else ""


@register.filter
def deadline(value: datetime, department: str = "") -> str:
    """`29 janvier 2027 à 18 h 00, heure de Paris`, then the hour of the department when it is overseas."""
    return zones.deadline(value, department)


@register.filter(expects_localtime=True)
def french_time(value: datetime) -> str:
    """`17 h 05`."""
    return french.clock(value)


@register.filter
def faults(form: BaseForm) -> int:
    """How many a refused form lists: a field may have several."""
    return sum(map(len, form.errors.values()))


@register.filter
def uncapitalised(sentence: str) -> str:
    """As it follows a colon; initials (« PDF ») stay."""
    text = str(sentence)
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


@register.filter
def spaces(value: int | None) -> str:
    """`34 969`; nothing for None."""
    return "" if value is None else french.number(value)


@register.filter
def of(name: object) -> str:
    """`d’Abeilhan`, `du Luc`, `des Portes du Coglais`: the name of a territory, a helper or a person after « de »."""
    return french.of(str(name))


@register.filter
def at(name: object) -> str:
    """`à Tarbes`, `au Luc`, `aux Portes du Coglais`."""
    return french.at(str(name))


@register.filter
def decimals(value: float | None) -> str:
    """`0,80`, `−0,05`: two decimals and a true minus sign; a dash for None."""
    return "–" if value is None else number_format(round(value, 2) + 0, decimal_pos=2).replace("-", "−")


@register.filter
def with_article(name: object) -> str:
    """`le syndicat numérique`; `Le Luc` stays."""
    return french.with_article(str(name))


@register.filter
def task(kind: str) -> str:
    """What a kind of task does."""
    return jobs.words(kind)


@register.filter
def queue(name: str) -> str:
    """A queue of tasks in French."""
    return str(Queue(name).label)


@register.filter
def filesize_fr(octets: int) -> str:
    """`512 octets`, `34,2 ko`, `1,2 Mo`: powers of a thousand, one decimal."""
    if octets < 1000:
        return _("%(n)s\u202foctets") % {"n": octets} if octets > 1 else _("%(n)s\u202foctet") % {"n": octets}
    unit, size = (_("ko"), 10**3) if octets < 10**6 else (_("Mo"), 10**6) if octets < 10**9 else (_("Go"), 10**9)
    half_up = (20 * octets + size) // (2 * size)
    return display.decimal(half_up) + NARROW + unit


# What typography must leave alone: tags, entities, addresses of pages and of people.
_VERBATIM = re.compile(
    r"(</?[a-zA-Z!][^<>]*>|&(?!#x27;|#39;)\w+;|&(?!#x27;|#39;)#\w+;|(?:https?://|www\.|mailto:)[^\s<>«»]+|[^\s<>«»]+@[^\s<>«»]+\.\w+)"
)
_SPACE = r"[ \u00a0\u202f]*"
_RULES = (
    (re.compile(r"&#x27;|&#39;|'"), "’"),
    (re.compile(rf"«{_SPACE}"), f"«{NARROW}"),
    (re.compile(rf"{_SPACE}»"), f"{NARROW}»"),
    # A sign that closes a clause: after a word, a tag or an address; before a space, a bracket, a quote or the end.
    # Not `14:30`, not the second of `?!`.
    (
        re.compile(rf"(?:(?<=[^\s;:!?]){_SPACE}|^{_SPACE[:-1]}+)([;:!?])(?=[\s;:!?)\]»…\u202f]|$)"),
        rf"{NARROW}\1",
    ),
)


@register.filter(is_safe=True)
def typo(text: str) -> str:
    """French typography: narrow no-break spaces before `; : ! ?` and inside « », real apostrophes."""
    pieces = _VERBATIM.split(text)
    return "".join(piece if i % 2 else _typeset(piece) for i, piece in enumerate(pieces))


_INVERTED = re.compile(r"\w+-t-(?:il|elle|on)s?\b")


@register.filter
def unbroken(text: str) -> SafeString:
    """A question as a heading: « a-t-il » is never cut at a hyphen. By markup, not another character, so that a search
    in the page and a screen reader find the word that was written."""
    return mark_safe(_INVERTED.sub(r'<span class="nowrap">\g<0></span>', conditional_escape(text)))  # noqa: S308 -- escaped


@register.filter
def after_colon(text: str) -> str:
    """A sentence that begins with an article, as it goes on behind a colon."""
    return text[:1].lower() + text[1:]


def _typeset(text: str) -> str:
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text

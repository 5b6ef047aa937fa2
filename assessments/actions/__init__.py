"""Every change of an edition or a file, as a verb: keyword-only, the actor is `by`, one transaction each.

The rows are locked or written so that whatever runs at the same time, what was accepted is kept."""

from assessments.actions.answers import (
    Given,
    Saved,
    StaleAnswer,
    answer_question,
    clear_answer,
    restore_answer,
    save_answer,
)
from assessments.actions.applications import (
    ask_complement,
    check_context,
    context_version,
    move,
    set_context,
    start,
    submit,
    withdraw,
)
from assessments.actions.editions import (
    ONE_SEASON,
    change_dates,
    clone_edition,
    close_now,
    create_edition,
    delete_edition,
    grant_delay,
    open_now,
    show_edition,
)
from assessments.actions.evidence import (
    add_evidence,
    publish_evidence,
    remove_evidence,
    replace_evidence,
    reuse_evidence,
    withhold_evidence,
)
from assessments.actions.filling import StaleFilling, fill
from assessments.actions.initiatives import (
    StaleInitiative,
    remove_initiative,
    restore_initiative,
    save_initiative,
    set_aside,
    told,
)
from assessments.actions.pictures import add_picture, remove_picture, withdraw_picture
from assessments.actions.plans import ask_plan
from assessments.actions.together import adopt, ask, assign, cancel_enquiry, comment, forget_address, reply
from assessments.actions.versions import add_framework, change_framework, measure_impact
from assessments.actions.visits import mark_read, visit

__all__ = [
    "ONE_SEASON",
    "Given",
    "Saved",
    "StaleAnswer",
    "StaleFilling",
    "StaleInitiative",
    "add_evidence",
    "add_framework",
    "add_picture",
    "adopt",
    "answer_question",
    "ask",
    "ask_complement",
    "ask_plan",
    "assign",
    "cancel_enquiry",
    "change_dates",
    "change_framework",
    "check_context",
    "clear_answer",
    "clone_edition",
    "close_now",
    "comment",
    "context_version",
    "create_edition",
    "delete_edition",
    "fill",
    "forget_address",
    "grant_delay",
    "mark_read",
    "measure_impact",
    "move",
    "open_now",
    "publish_evidence",
    "remove_evidence",
    "remove_initiative",
    "remove_picture",
    "replace_evidence",
    "reply",
    "restore_answer",
    "restore_initiative",
    "reuse_evidence",
    "save_answer",
    "save_initiative",
    "set_aside",
    "set_context",
    "show_edition",
    "start",
    "submit",
    "told",
    "visit",
    "withdraw",
    "withdraw_picture",
    "withhold_evidence",
]

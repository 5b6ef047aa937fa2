"""Every change of the jury's side, as a verb: keyword-only, the actor is `by`, one transaction each, with its trail.

`by` is a `Juror` where the seat matters (readings, rulings, decisions), a `User` elsewhere."""

from jury.actions.appeals import answer_appeal, file_appeal, read_anew
from jury.actions.assignments import adjust, assign, call_third_reader, confirm, propose, unassign, want_by
from jury.actions.ballots import call_off, close_ballot, open_ballot, vote
from jury.actions.calibration import close_calibration, open_calibration, try_reading
from jury.actions.decisions import Acceptance, accept, decide, mark_ineligible, reopen, return_to_applicant
from jury.actions.minutes import sign_minutes
from jury.actions.panels import add_juror, edit_juror, open_panel, remove_juror, renew, set_rules
from jury.actions.recusals import declare, declare_interest, recuse, remove_interest
from jury.actions.reviews import Reading, StaleReview, revise_review, save_review, submit_review
from jury.actions.rulings import accept_as_read, rule, take_back

__all__ = [
    "Acceptance",
    "Reading",
    "StaleReview",
    "accept",
    "accept_as_read",
    "add_juror",
    "adjust",
    "answer_appeal",
    "assign",
    "call_off",
    "call_third_reader",
    "close_ballot",
    "close_calibration",
    "confirm",
    "decide",
    "declare",
    "declare_interest",
    "edit_juror",
    "file_appeal",
    "mark_ineligible",
    "open_ballot",
    "open_calibration",
    "open_panel",
    "propose",
    "read_anew",
    "recuse",
    "remove_interest",
    "remove_juror",
    "renew",
    "reopen",
    "return_to_applicant",
    "revise_review",
    "rule",
    "save_review",
    "set_rules",
    "sign_minutes",
    "submit_review",
    "take_back",
    "try_reading",
    "unassign",
    "vote",
    "want_by",
]

"""How many of our files it takes to follow a piece of work of the jury's side."""

from django.urls import reverse

from tests.walks import check, walk

from .conftest import read
from .test_views_deliberation import decision

FILE = ["01901", 2027]


def test_from_a_ruling_to_the_decision(in_reading, jeanne, jules, chair, now, sign_in):
    for juror in (jeanne, jules):
        read(in_reading, juror, now, proposed_level=4)
    ruling = {"kind": "claim", "id": "SER-02", "accepted": "oui", "reason": "Vu."}
    with walk() as seen:
        assert sign_in(jeanne.user).post(reverse("jury:rule", args=FILE), ruling).status_code == 302
        assert sign_in(chair.user).post(reverse("jury:decide", args=FILE), decision()).status_code == 302
    check(seen, "From a ruling to the decision", most=20)

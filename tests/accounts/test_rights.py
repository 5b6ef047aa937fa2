import pytest
from django.urls import reverse

from accounts import actions
from accounts.models import AuditEntry, Membership, MembershipState, OrganiserRole, Role, User
from accounts.pages import requests as request_pages
from accounts.pages import rights as pages
from accounts.permissions import RIGHTS, Right
from accounts.refusals import NotAllowed, NotNow
from outbox.models import Mail
from tests.conftest import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def support(db):
    return make_user("Sacha", "assistance", desk=OrganiserRole.SUPPORT)


@pytest.fixture
def figures(db):
    return make_user("Farah", "élue", desk=OrganiserRole.FIGURES)


# Pages of each right; a colleague without it is told, a stranger learns nothing.
PAGES = {
    Right.FIGURES: "organisation",
    Right.PEOPLE: "accounts:requests",
    Right.OUTBOX: "accounts:mails",
    Right.SEASON: "assessments:editions",
    Right.ORGANISERS: "accounts:organisers",
}


@pytest.mark.parametrize("role", [OrganiserRole.SUPPORT, OrganiserRole.FIGURES])
@pytest.mark.parametrize("right", PAGES)
def test_role_opens_the_pages_of_its_rights_alone(role, right, sign_in, support, figures):
    visitor = sign_in({OrganiserRole.SUPPORT: support, OrganiserRole.FIGURES: figures}[role])

    assert visitor.get(reverse(PAGES[right])).status_code == (200 if right in RIGHTS[role] else 403)


def test_name_organiser_gives_a_role_and_tells(organiser, agent):
    actions.name_organiser(email=agent.email, name="", role=OrganiserRole.SUPPORT, by=organiser)

    agent.refresh_from_db()
    assert (agent.organiser_role, agent.is_organiser) == (OrganiserRole.SUPPORT, False)
    assert AuditEntry.objects.filter(verb="organiser.named", actor_id=organiser.pk, object_id=agent.pk).exists()
    assert "assistance" in Mail.objects.get(to=agent.email).text


def test_name_organiser_makes_the_account_of_who_has_none(organiser):
    user = actions.name_organiser(email="new@x.example", name="Noé", role=OrganiserRole.ORGANISER, by=organiser)

    assert (user.name, user.is_organiser) == ("Noé", True)


def test_name_organiser_twice_is_refused(organiser, support):
    with pytest.raises(NotNow, match="déjà ce rôle"):
        actions.name_organiser(email=support.email, name="", role=OrganiserRole.SUPPORT, by=organiser)


@pytest.mark.parametrize("who", ["support", "figures", "agent"])
def test_name_organiser_takes_the_right_to(who, request, agent):
    with pytest.raises(NotAllowed):
        actions.name_organiser(
            email=agent.email, name="", role=OrganiserRole.ORGANISER, by=request.getfixturevalue(who)
        )


def test_last_organiser_stays(organiser, support):
    with pytest.raises(NotNow, match="Une seule personne"):
        actions.end_organiser(user=organiser, by=organiser)
    with pytest.raises(NotNow, match="Une seule personne"):
        actions.name_organiser(email=organiser.email, name="", role=OrganiserRole.FIGURES, by=organiser)


def test_end_organiser_leaves_the_account(organiser, support):
    actions.end_organiser(user=support, by=organiser)

    support.refresh_from_db()
    assert (support.organiser_role, support.is_active) == (None, True)


def test_pages_add_and_remove_an_organiser(organiser, sign_in):
    visitor = sign_in(organiser)
    visitor.post("/organisation/organisateurs/", {"email": "new@x.example", "name": "Noé", "role": "figures"})
    noe = User.objects.get(email="new@x.example")
    assert "Noé" in visitor.get("/organisation/organisateurs/").content.decode()

    visitor.post(f"/organisation/organisateurs/{noe.pk}/retirer/")

    assert "new@x.example" not in visitor.get("/organisation/organisateurs/").content.decode()


def test_rights_are_drawn_from_the_permissions(monkeypatch):
    def row(words):
        return next(row.cells for row in pages.tables()[0].rows if row.words == words)

    assert row("Déposer la candidature") == [True, False, False, False]
    assert row("Inviter quelqu’un pour lire") == [True, True, True, False]
    monkeypatch.setitem(RIGHTS, OrganiserRole.FIGURES, frozenset())
    assert [row.cells[-1] for row in pages.tables()[1].rows] == [False] * len(Right)


# Seeing somebody's files in their place


@pytest.fixture
def looking(support, agent, sign_in):
    visitor = sign_in(support)
    answer = visitor.post(f"/organisation/personnes/{agent.pk}/voir/", {"reason": "Elle ne trouve pas son dossier."})
    assert answer.status_code == 302
    return visitor


def test_looking_shows_the_person_s_files_and_says_so(looking, agent):
    answer = looking.get("/dossiers/")

    assert answer.wsgi_request.user == agent
    page = answer.content.decode()
    assert "Vous voyez les dossiers de quelqu’un d’autre" in page


def test_looking_changes_nothing(looking):
    assert looking.post("/dossiers/01901/2027/").status_code == 403


def test_looking_is_told_and_traced(looking, support, agent):
    assert "Elle ne trouve pas son dossier." in Mail.objects.get(to=agent.email).text
    entry = AuditEntry.objects.get(verb="user.looked_at")
    assert (entry.actor_id, entry.object_id, entry.detail["reason"]) == (
        support.pk,
        str(agent.pk),
        "Elle ne trouve pas son dossier.",
    )


def test_looking_opens_no_other_page(looking, support):
    assert looking.get("/compte/").wsgi_request.user == support


def test_looking_ends(looking, support):
    looking.post("/organisation/voir/quitter/")

    assert looking.get("/dossiers/").wsgi_request.user == support
    assert AuditEntry.objects.filter(verb="user.left").exists()


def test_looking_ends_with_the_right(looking, support):
    User.objects.filter(pk=support.pk).update(desk=OrganiserRole.FIGURES)

    assert looking.get("/dossiers/").wsgi_request.user == support


def test_nobody_looks_in_the_place_of_an_organiser(support, organiser, sign_in):
    answer = sign_in(support).post(f"/organisation/personnes/{organiser.pk}/voir/", {"reason": "Voir."})

    assert answer.status_code == 409


# Requests to join


@pytest.mark.parametrize(
    ("email", "words", "reassuring"),
    [
        ("maire@gmail.com", "ne prouve rien", False),
        ("maire@aubaine.example", "Même domaine que 1 personne", True),
        ("maire@mairie-aubaine.fr", "porte le nom", True),
        ("maire@ailleurs.fr", "ne dit rien", False),
    ],
)
def test_clues_read_the_address(aubaine, agent, email, words, reassuring):
    person = User.objects.create_user(email)
    request = actions.request_membership(territory=aubaine, role=Role.READER, message="", by=person)

    clue = request_pages.clues(request, team=list(agent.memberships.all()), others=[])[0]

    assert words in clue.words
    assert clue.reassuring == reassuring


def test_new_mayor_takes_the_place_of_the_former(aubaine, signatory, organiser, sign_in):
    new = make_user("Nina", "maire")
    request = actions.request_membership(territory=aubaine, role=Role.SIGNATORY, message="", by=new)
    page = f"/organisation/rattachements/{request.pk}/"
    former = signatory.memberships.get()
    visitor = sign_in(organiser)
    assert "Simon, maire" in visitor.get(page).content.decode()

    visitor.post(page, {"decision": "approve", "replaces": former.pk})

    former.refresh_from_db()
    assert former.state == MembershipState.ENDED
    assert Membership.objects.get(user=new).state == MembershipState.ACTIVE


def test_approval_ends_nobody_of_another_territory(beaupre, stranger, signatory, organiser):
    request = actions.request_membership(territory=beaupre, role=Role.SIGNATORY, message="", by=make_user("Nina", ""))

    actions.approve_membership(membership=request, replaces=[signatory.memberships.get()], by=organiser)

    assert signatory.memberships.get().state == MembershipState.ACTIVE

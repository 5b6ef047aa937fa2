"""A returned file: what the jury asked for may change, by every road; nothing else may, by none."""

from datetime import timedelta

import pytest

from accounts.refusals import NotNow, Refused
from assessments import actions, policies, queries
from assessments.enums import AnswerState, State
from assessments.models import Answer, Complement, Evidence, Initiative
from assessments.pages import complements
from tests.assessments.conftest import initiative_fields

pytestmark = pytest.mark.django_db

FILE = "/dossiers/01901/2027/"
REASON = "La page citée n’existe plus."
# What of the file each case asks for; everything else is then outside.
INSIDE, OUTSIDE = ["INC-01"], ["SER-01"]


@pytest.fixture
def later(now):
    return now + timedelta(hours=2)


@pytest.fixture
def carded(ready, agent, now):
    """Ready to submit, with a second initiative, a piece on INC-01, one on SER-01, and one on both."""
    fields = initiative_fields(now, title="Une borne", issues=["services-publics"])
    actions.save_initiative(application=ready, initiative=None, fields=fields, seen=0, by=agent, now=now)
    for title, questions in (("aide", ["INC-01"]), ("accueil", ["SER-01"]), ("bilan", ["INC-01", "SER-01"])):
        url = f"https://aubaine.example/{title}"
        actions.add_evidence(application=ready, title=title, url=url, questions=questions, by=agent, now=now)
    return ready


@pytest.fixture
def returned(carded, signatory, organiser, later):
    """`returned("INC-01", …)` submits the file and returns it for these parts, or for the initiatives so named."""

    def _returned(*parts, initiatives=()):
        actions.submit(application=carded, by=signatory, now=later - timedelta(hours=1))
        rows = Initiative.objects.filter(title__in=initiatives)
        actions.ask_complement(
            application=carded, reason=REASON, parts=parts, initiatives=rows, by=organiser, now=later
        )
        carded.refresh_from_db()
        return carded

    return _returned


# Each write action on one question, by the name of the question: (file, person, moment, question).


def answer(file, by, now, name):
    seen = queries.sheet(file).version(name)
    actions.save_answer(application=file, question_id=name, state=AnswerState.UNKNOWN, seen=seen, by=by, now=now)


def clear(file, by, now, name):
    seen = queries.sheet(file).version(name)
    actions.clear_answer(application=file, question_id=name, seen=seen, by=by, now=now)


def restore(file, by, now, name):
    seen = queries.sheet(file).version(name)
    actions.restore_answer(application=file, question_id=name, version=seen, seen=seen, by=by, now=now)


def fill(file, by, now, name):
    actions.fill(application=file, document={"answers": {name: {"state": "unknown"}}}, by=by, now=now)


def fill_evidence(file, by, now, name):
    link = {"title": "Un lien", "url": "https://aubaine.example/lien", "questions": [name]}
    actions.fill(application=file, document={"evidence": [link]}, by=by, now=now)


def assign(file, by, now, name):
    actions.assign(application=file, part=name, person=None, by=by, now=now)


def comment(file, by, now, name):
    actions.comment(application=file, question_id=name, text="À revoir.", by=by, now=now)


def ask(file, by, now, name):
    actions.ask(application=file, question_id=name, email="x@aubaine.example", by=by, now=now)


def add_evidence(file, by, now, name):
    url = "https://aubaine.example/autre"
    actions.add_evidence(application=file, title="Autre", url=url, questions=[name], by=by, now=now)


def piece(file, name):
    title = {"INC-01": "aide", "SER-01": "accueil"}[name]
    row = Evidence.objects.get(title=title)
    row.application = file
    return row


def remove_evidence(file, by, now, name):
    actions.remove_evidence(evidence=piece(file, name), by=by, now=now)


def replace_evidence(file, by, now, name):
    url = "https://aubaine.example/neuf"
    actions.replace_evidence(evidence=piece(file, name), title="Neuf", url=url, by=by, now=now)


def reuse_evidence(file, by, now, name):
    other = piece(file, {"INC-01": "SER-01", "SER-01": "INC-01"}[name])
    actions.reuse_evidence(evidence=other, question_id=name, by=by, now=now)


ON_A_QUESTION = [
    *(answer, clear, restore, fill, fill_evidence, assign, comment, ask),
    *(add_evidence, remove_evidence, replace_evidence, reuse_evidence),
]


@pytest.mark.parametrize("write", ON_A_QUESTION)
def test_a_question_that_is_asked_may_change_and_another_may_not(returned, agent, later, write):
    file = returned(*INSIDE)
    with pytest.raises(NotNow, match="n’est pas rouverte"):
        write(file, agent, later, *OUTSIDE)
    write(file, agent, later, *INSIDE)


@pytest.mark.parametrize("asked", ["mediation", policies.CONTEXT])
def test_an_issue_and_the_context_open_their_questions(returned, agent, later, asked):
    answer(returned(asked), agent, later, "INC-01")


def set_context(file, by, now):
    values = {"has_website": False, "desks": 1, "network": ""}
    actions.set_context(application=file, values=values, seen=actions.context_version(file), by=by, now=now)


def fill_context(file, by, now):
    actions.fill(application=file, document={"context": {"has_website": False}}, by=by, now=now)


@pytest.mark.parametrize("write", [set_context, fill_context])
def test_the_context_changes_only_when_it_is_asked(returned, signatory, organiser, agent, later, write):
    file = returned("mediation", "services-publics")
    with pytest.raises(NotNow):
        write(file, agent, later)
    actions.submit(application=file, by=signatory, now=later)
    actions.ask_complement(application=file, reason=REASON, parts=[policies.CONTEXT], by=organiser, now=later)
    write(file, agent, later)


# Each write on an initiative, by its title.


def change_initiative(file, by, now, title):
    row = Initiative.objects.get(title=title)
    fields = initiative_fields(now, title=title, issues=row.issues, results="Cent personnes aidées.")
    actions.save_initiative(application=file, initiative=row, fields=fields, seen=row.version, by=by, now=now)


def fill_initiative(file, by, now, title):
    row = Initiative.objects.get(title=title)
    item = initiative_fields(now, title=title, issues=row.issues, partners="La médiathèque")
    actions.fill(application=file, document={"initiatives": [item]}, by=by, now=now)


def remove_initiative(file, by, now, title):
    row = Initiative.objects.get(title=title)
    row.application = file
    actions.remove_initiative(initiative=row, seen=row.version, by=by, now=now)


def prove_initiative(file, by, now, title):
    row = Initiative.objects.get(title=title)
    url = "https://aubaine.example/bilan-annuel"
    actions.add_evidence(application=file, title="Bilan", url=url, initiative=row, by=by, now=now)


@pytest.mark.parametrize("write", [change_initiative, fill_initiative, remove_initiative, prove_initiative])
@pytest.mark.parametrize("asked", [{"initiatives": ["Une borne"]}, {"parts": ["services-publics"]}])
def test_an_initiative_is_open_by_its_name_or_by_its_issues(returned, agent, later, write, asked):
    file = returned(*asked.get("parts", []), initiatives=asked.get("initiatives", []))
    with pytest.raises(NotNow, match="n’est pas rouverte"):
        write(file, agent, later, "Permanences numériques")
    write(file, agent, later, "Une borne")


def test_an_initiative_open_by_its_issue_may_not_move_to_another(returned, agent, later):
    file = returned("services-publics")
    row = Initiative.objects.get(title="Une borne")
    fields = initiative_fields(later, title=row.title, issues=["services-publics", "mediation"])
    with pytest.raises(NotNow):
        actions.save_initiative(application=file, initiative=row, fields=fields, seen=row.version, by=agent, now=later)


@pytest.mark.parametrize(("issues", "allowed"), [(["mediation"], True), (["services-publics"], False), ([], False)])
def test_a_new_initiative_serves_the_issues_that_are_asked(returned, agent, later, issues, allowed):
    file = returned("mediation")
    fields = initiative_fields(later, title="Toute neuve", issues=issues)
    try:
        actions.save_initiative(application=file, initiative=None, fields=fields, seen=0, by=agent, now=later)
    except NotNow:
        assert not allowed
    assert Initiative.objects.filter(title="Toute neuve").exists() is allowed


@pytest.mark.parametrize("write", [actions.remove_evidence, actions.replace_evidence])
def test_a_piece_that_also_proves_something_closed_stays(returned, agent, later, write):
    row = Evidence.objects.get(title="bilan") if (file := returned("INC-01")) else None
    row.application = file
    more = {"title": "Neuf", "url": "https://aubaine.example/neuf"} if write is actions.replace_evidence else {}
    with pytest.raises(NotNow):
        write(evidence=row, by=agent, now=later, **more)
    row.refresh_from_db()
    assert row.removed_at is None


def test_a_document_that_changes_one_closed_answer_writes_nothing(returned, agent, later):
    file = returned("INC-01")
    before = Answer.objects.count()
    document = {"answers": {"INC-01": {"state": "unknown"}, "SER-01": {"state": "unknown"}}}
    with pytest.raises(NotNow):
        actions.fill(application=file, document=document, by=agent, now=later)
    assert Answer.objects.count() == before


def test_a_reply_by_link_to_a_closed_question_is_refused(carded, returned, agent, later):
    enquiry = actions.ask(application=carded, question_id="SER-01", email="x@aubaine.example", by=agent, now=later)
    returned("INC-01")
    with pytest.raises(NotNow):
        actions.reply(enquiry=enquiry, state=AnswerState.UNKNOWN, value=None, reason="", words="", now=later)


@pytest.mark.parametrize(
    ("asked", "words"),
    [({"parts": []}, "au moins un point"), ({"parts": ["INI-01"]}, "pas dans"), ({"parts": ["ailleurs"]}, "pas dans")],
)
def test_a_complement_asks_for_something_of_the_file(carded, signatory, organiser, later, asked, words):
    actions.submit(application=carded, by=signatory, now=later)
    with pytest.raises(Refused, match=words):
        actions.ask_complement(application=carded, reason=REASON, by=organiser, now=later, **asked)
    assert not Complement.objects.exists()


def test_saving_what_is_asked_uses_at_most_eight_queries(returned, agent, sign_in, django_assert_max_num_queries):
    seen = queries.sheet(returned("INC-01")).version("INC-01")
    client, data = sign_in(agent), {"seen": seen, "answer": "v:false"}

    with django_assert_max_num_queries(8):
        response = client.post(f"{FILE}questions/mediation/INC-01/", data, headers={"HX-Request": "true"})
    assert response.status_code == 200


def test_submitting_again_closes_the_complement(returned, signatory, later):
    file = returned("INC-01")
    actions.submit(application=file, by=signatory, now=later)
    complement = Complement.objects.get()
    assert (complement.answered_by, complement.answered_at) == (signatory, later)
    assert (file.state, file.complement) == (State.SUBMITTED, None)


# What both sides read


def test_the_exchange_says_before_and_after(returned, agent, signatory, later):
    file = returned("INC-01", initiatives=["Une borne"])
    after = later + timedelta(minutes=5)
    answer(file, agent, after, "INC-01")
    change_initiative(file, agent, after, "Une borne")
    remove_evidence(file, agent, after, "INC-01")
    actions.submit(application=file, by=signatory, now=after)

    (shown,) = complements.rounds(file, seen_by_jury=True)

    assert [point.text for point in shown.points] == ["Aidez-vous les habitants ?", "Initiative « Une borne »"]
    assert [(change.text, change.before, change.after) for change in shown.changes] == [
        ("Aidez-vous les habitants ?", "Oui", "Je ne sais pas"),
        ("Une borne – résultats mesurés", "–", "Cent personnes aidées."),
        ("Preuve retirée", "aide", "Aucune"),
    ]


def test_the_jury_reads_what_changed_once_the_file_is_back(returned, agent, later):
    file = returned("INC-01")
    answer(file, agent, later + timedelta(minutes=5), "INC-01")
    assert complements.rounds(file, seen_by_jury=True)[0].changes == []
    assert len(complements.rounds(file)[0].changes) == 1


def test_each_round_keeps_its_own_changes(returned, agent, signatory, organiser, later):
    file = returned(initiatives=["Une borne"])
    after = later + timedelta(minutes=5)
    change_initiative(file, agent, after, "Une borne")
    actions.submit(application=file, by=signatory, now=after)
    actions.ask_complement(
        application=file, reason="Encore.", parts=["INC-01"], by=organiser, now=after + timedelta(minutes=1)
    )
    second, first = complements.rounds(file)
    assert ([change.text for change in first.changes], second.changes) == (["Une borne – résultats mesurés"], [])


# Pages


def test_the_file_says_what_is_asked_with_links(client, returned, agent):
    returned("INC-01", "services-publics")
    client.force_login(agent)
    page = client.get(FILE).content.decode()
    assert REASON in page
    assert f'<a href="{FILE}questions/mediation/#INC-01">' in page
    assert f'<a href="{FILE}questions/services-publics/">Tout l’enjeu' in page


@pytest.mark.parametrize("page", ["", "depot/", "relecture/"])
def test_no_date_closes_what_the_jury_asked_for(client, returned, signatory, page):
    file = returned("INC-01")
    client.force_login(signatory)
    said = client.get(FILE + page).content.decode()
    assert policies.deadline(file) not in said
    assert page == "" or "même après la clôture" in said


def test_a_closed_question_has_no_button(client, returned, agent):
    returned("INC-01")
    client.force_login(agent)
    open_part = client.get(f"{FILE}questions/mediation/").content.decode()
    closed_part = client.get(f"{FILE}questions/services-publics/").content.decode()
    assert 'data-hx-post="/dossiers/01901/2027/questions/mediation/INC-01/"' in open_part
    assert 'data-hx-post="/dossiers/01901/2027/questions/mediation/INC-03/"' not in open_part
    assert "data-hx-post" not in closed_part
    assert "Le jury n’a rien demandé ici" in closed_part


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("questions/mediation/INC-03/", {"answer": "unknown", "seen": "0"}),
        ("questions/services-publics/SER-01/historique/", {"version": "1", "seen": "1"}),
        ("questions/mediation/INC-03/a-plusieurs/", {"do": "comment", "text": "Oui."}),
        ("contexte/", {"has_website": "no", "desks": "1", "network": "x", "seen": "x"}),
        ("initiatives/nouvelle/", {"title": "Neuve", "seen": "0"}),
        ("preuves/ajouter/?question=SER-01", {"title": "x", "url": "https://aubaine.example/x"}),
    ],
)
def test_pages_of_a_closed_part_refuse_what_is_posted(client, returned, agent, path, data):
    returned("INC-01")
    client.force_login(agent)
    before = Answer.objects.count(), Evidence.objects.count(), Initiative.objects.count()
    assert client.post(FILE + path, data).status_code == 409
    assert (Answer.objects.count(), Evidence.objects.count(), Initiative.objects.count()) == before


def test_the_exchange_is_on_a_page(client, returned, agent, later):
    answer(returned("INC-01"), agent, later + timedelta(minutes=5), "INC-01")
    client.force_login(agent)
    page = client.get(f"{FILE}complements/").content.decode()
    assert "Je ne sais pas" in page
    assert "Olivia" not in page


def test_the_exchange_says_what_proved_the_same_before_a_new_piece(returned, agent, later):
    file = returned("INC-01")
    url = "https://aubaine.example/planning"
    actions.add_evidence(
        application=file, title="planning", url=url, questions=["INC-01"], by=agent, now=later + timedelta(hours=1)
    )
    (shown,) = complements.rounds(file)

    assert [(change.text, change.before, change.after) for change in shown.changes] == [
        ("Preuve ajoutée", "aide ; bilan", "planning")
    ]

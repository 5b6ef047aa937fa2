"""A season from an empty instance to the next one, by the pages alone: no shell, no variable of the environment.

Time passes by moving the edition's own dates, as its organiser would; a worker's part is done here."""

import re
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from accounts.models import User
from assessments.enums import State
from assessments.models import Application, Edition, Framework
from jury.models import Appeal, Decision, Juror
from outbox import jobs
from outbox.models import Job, JobState, Mail, MailState
from results.models import PublishedResult
from season.actions import start
from tests.conftest import make_territory
from tests.jury.conftest import QUESTIONNAIRE
from tests.smtp import catcher

pytestmark = [pytest.mark.django_db, pytest.mark.trial]

HOST, DAY = "http://127.0.0.1:8000", timedelta(days=1)
SECRET = "quatre mots sans lien"
EDITION = "/organisation/editions/2027/"
DONE_HERE = ["campaign.send", "mail.send", "edition.publish", "edition.announce", "result.republish", "receipt.make"]


def local(when):
    return timezone.localtime(when).strftime("%Y-%m-%dT%H:%M")


def work():
    """What a worker would do of what is due, papers left out."""
    while job := jobs.waiting(now=timezone.now()).filter(kind__in=DONE_HERE).first():
        jobs.run(job.pk)


def post(client, address, data=None, **files):
    """A form posted, its answer followed; what is refused fails here."""
    answer = client.post(address, {**(data or {}), **files}, follow=True)
    assert answer.status_code == 200, answer.content.decode()[:4000]
    return answer.content.decode()


class Organiser:
    def __init__(self, address):
        self.client = Client()
        person = {"name": "Olivia", "function": "déléguée générale", "email": "olivia@label.example"}
        post(self.client, address, {**person, "password": SECRET, "again": SECRET})

    def post(self, address, data=None, **files):
        return post(self.client, address, data, **files)

    def move(self, **dates):
        """Both steps of a change of dates."""
        edition = Edition.objects.get(year=2027)
        given = {name: local(getattr(edition, name)) for name in ("opens_at", "closes_at", "results_at")}
        given |= {name: local(when) for name, when in dates.items()} | {"reason": "le calendrier de la saison"}
        told = self.post(f"{EDITION}dates/", given)
        self.post(f"{EDITION}dates/", given | {"confirmed": "on"})
        return told


def commune(address, email):
    """Whoever reads the mail: the link, an account, the file."""
    client = Client()
    page = client.get(address.removeprefix(HOST), follow=True)
    invitation = page.redirect_chain[-1][0]
    post(client, invitation)
    person = {"email": email, "name": "Ada", "function": "maire", "password1": SECRET, "password2": SECRET}
    post(client, "/compte/inscription/", person)
    return client


def fill_in(client, code):
    post(client, "/dossiers/commencer/", {"territory": code})
    post(client, f"/dossiers/{code}/2027/questions/mediation/INC-01/", {"answer": "v:true", "seen": "0"})


def submit(client, code):
    post(client, f"/dossiers/{code}/2027/depot/", {"statement": "yes"})


def login(email):
    client = Client()
    client.force_login(User.objects.get(email=email), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_a_season_by_the_pages(department, settings):
    codes = [f"01{number}" for number in range(101, 121)]
    for code in codes:
        make_territory(department, code, f"Ville {code}", 900)
    address = start.new_first_address().removeprefix(HOST)

    with catcher({"mairie120@x.example": 550}) as (port, accepted):
        # --- the assistant
        organiser = Organiser(address)
        assert "Démarrer le label" in organiser.client.get("/organisation/demarrage/").text
        organiser.post("/organisation/reglages/", {"name": "Comète", "contact": "label@x.example"})
        server = {"host": "127.0.0.1", "port": port, "security": "none", "sender": "envoi@x.example"}
        organiser.post("/organisation/reglages/courriel/", server)
        organiser.post("/organisation/reglages/courriel/essai/", {"to": "olivia@label.example"})
        code = re.search(r"\d{6}", accepted[-1].get_content())[0]
        organiser.post("/organisation/reglages/courriel/recu/", {"code": code})
        organiser.post("/organisation/referentiels/", file=ContentFile(QUESTIONNAIRE.encode(), "cadre.yaml"))
        framework = Framework.objects.get()

        # --- the edition, approved by two and shown
        now = timezone.now()
        dates = {"opens_at": now + DAY, "closes_at": now + 40 * DAY, "results_at": now + 90 * DAY}
        given = {name: local(when) for name, when in dates.items()}
        organiser.post("/organisation/editions/nouvelle/", {"year": 2027, "framework": framework.pk, **given})
        organiser.post(f"/organisation/referentiels/{framework.hash}/approuver/")
        second = {"email": "omar@label.example", "name": "Omar", "role": "organiser"}
        organiser.post("/organisation/organisateurs/", second)
        post(login("omar@label.example"), f"/organisation/referentiels/{framework.hash}/approuver/")
        organiser.post(f"{EDITION}montrer/")
        organiser.post(f"{EDITION}ouvrir/")

        # --- twenty communes invited from a list, by one message
        lines = "code;adresse\n" + "".join(f"{code};mairie{code[2:]}@x.example\n" for code in codes)
        list_of = ContentFile(lines.encode(), "liste.csv")
        preview = organiser.post(f"{EDITION}campagne/invitees/", {"role": "signatory"}, file=list_of)
        assert "20 adresses se lisent bien" in preview
        hidden = re.search(r'name="lines" value="([^"]*)"', preview)[1].replace("&quot;", '"')
        organiser.post(f"{EDITION}campagne/invitees/confirmer/", {"lines": hidden})
        written = {"segment": "invited", "subject": "{commune}", "text": "Bonjour\n{lien}", "per_minute": 600}
        organiser.post(f"{EDITION}campagne/messages/nouveau/", written)
        message = Edition.objects.get().messages.get()
        organiser.post(f"{EDITION}campagne/messages/{message.pk}/prevoir/")
        work()
        assert Mail.objects.filter(key__startswith="campaign:").count() == 20
        assert Mail.objects.get(to="mairie120@x.example").state == MailState.FAILED
        links = {
            mail["To"]: re.search(r"http\S+/invite/\S+", mail.get_content())[0]
            for mail in accepted
            if "invite" in mail.get_content()
        }
        first, late, idle = (
            commune(links[f"mairie{number}@x.example"], f"mairie{number}@x.example") for number in (101, 102, 103)
        )
        fill_in(first, "01101")
        submit(first, "01101")
        for client, place in ((late, "01102"), (idle, "01103")):
            fill_in(client, place)

        # --- a reminder before the closing, then the closing with one longer delay
        reminder = {"segment": "started", "subject": "Bientôt", "text": "Avant le {clôture}", "days_before": 3}
        organiser.post(f"{EDITION}campagne/messages/nouveau/", {**reminder, "per_minute": 600})
        planned = Edition.objects.get().messages.get(segment="started")
        organiser.post(f"{EDITION}campagne/messages/{planned.pk}/prevoir/")
        organiser.move(closes_at=now + 2 * DAY)
        Job.objects.filter(kind="campaign.send", state=JobState.TODO).update(due_at=now)
        work()
        assert {mail["To"] for mail in accepted if mail["Subject"] == "Bientôt"} == {
            "mairie102@x.example",
            "mairie103@x.example",
        }
        told = organiser.move(opens_at=now - 2 * DAY, closes_at=now - DAY)
        assert "2 dossiers en préparation ne pourront plus être déposés" in told
        delay = {"territory": "01102", "until": local(now + DAY), "reason": "inondation"}
        organiser.post(f"{EDITION}delais/", delay)
        submit(late, "01102")
        assert idle.post("/dossiers/01103/2027/depot/", {"statement": "yes"}).status_code == 409

    # --- the jury
    for who, chairs in (("claire", "on"), ("jean", ""), ("jade", "")):
        form = {"email": f"{who}@jury.example", "name": who, "function": "jury", "is_chair": chairs}
        organiser.post(f"{EDITION}jury/", form)
    clients = {who: login(f"{who}@jury.example") for who in ("claire", "jean", "jade")}
    for client in clients.values():
        post(client, "/jury/liens/complete/")
    for place in ("01101", "01102"):
        for who in ("jean", "jade"):
            juror = Juror.objects.get(user__email=f"{who}@jury.example")
            organiser.post(f"{EDITION}lecteurs/{place}/", {"juror": juror.pk})
            reading = {"mark-inclusion": "3", "mark-services": "2", "proposed_level": "2", "seen": "0", "rendre": "1"}
            comments = {"comment_to_territory": "Un bel accueil.", "comment_to_jury": ""}
            post(clients[who], f"/jury/{place}/2027/lecture/", reading | comments)
        level = Application.objects.get(territory__code=place)
        decide(clients["claire"], place, level)
    present = {f"presence_{juror.pk}": "present" for juror in Juror.objects.all()}
    minutes = {"held_on": timezone.localdate().isoformat(), "place": "Lyon", "statement": "on", **present}
    post(clients["claire"], "/jury/proces-verbal/2027/", minutes)

    # --- published in secret, announced, one appeal and one withdrawal
    organiser.post(f"{EDITION}publication/")
    work()
    assert PublishedResult.objects.count() == 2
    assert Client().get("/annuaire/01101/").text.count("arobase sur\u00a05") == 0
    assert "publiée" not in first.get("/dossiers/01101/2027/").text
    organiser.move(results_at=timezone.now() - timedelta(minutes=1))
    work()
    assert "sur 5" in Client().get("/annuaire/01101/").text
    post(first, "/dossiers/01101/2027/reexamen/", {"grounds": "Une preuve mal lue."})
    appeal = Appeal.objects.get()
    answer = {"upheld": "non", "new_level": "", "answer": "La preuve a été relue."}
    post(clients["claire"], f"/jury/reexamens/{appeal.pk}/", answer)
    standing = PublishedResult.objects.get(territory__code="01102")
    gone = {"reason": "À la demande de la commune.", "seen": standing.certificate.number}
    organiser.post(f"{EDITION}resultats/01102/retrait/", gone)
    assert Application.objects.get(territory__code="01103").state == State.DRAFT

    # --- the day after
    organiser.post(f"{EDITION}cloner/")
    assert Edition.objects.get(year=2028).draft
    assert "01101" in organiser.client.get(f"{EDITION}dossiers.csv").content.decode("utf-8-sig")


def decide(client, place, application):
    """At the level that was calculated."""
    page = client.get(f"/jury/{place}/2027/").text
    for level in ("1", "2", "3", "4", "5"):
        form = {"level": level, "reasons": "", "honours": "", "comment_to_territory": "", "waiver": ""}
        if client.post(f"/jury/{place}/2027/decision/", form).status_code == 302:
            assert Decision.objects.filter(application=application, reopened_at=None).exists()
            return
    raise AssertionError(page[:2000])

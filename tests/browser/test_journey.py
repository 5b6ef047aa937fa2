"""The whole path in a browser: a commune applies, the jury decides, the organiser publishes, a worker makes the papers,
anyone verifies."""

import random
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from assessments import actions
from assessments.doors import scorecards
from assessments.models import Answer, Application, Evidence
from label.demo import files
from results.models import Certificate
from tests import season as seasons
from tests.browser.conftest import PATIENCE, shoot
from tests.season import AUBAINE, PASSWORD, YEAR
from tests.worker import Worker

pytestmark = [pytest.mark.browser, pytest.mark.both]

FILE = f"/dossiers/{AUBAINE}/{YEAR}"
READING = f"/jury/{AUBAINE}/{YEAR}/"
EDITION = f"/organisation/editions/{YEAR}/"
LONG = "Chaque mardi, une conseillère reçoit les habitants à la mairie et les aide dans leurs démarches. " * 3
EXPECTED = expect
EXPECTED.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def season(server):
    return seasons.opened()


@pytest.fixture
def worker(server, tmp_path):
    with Worker(tmp_path / "worker.log"):
        yield


def test_a_commune_earns_a_level_that_anyone_can_verify(season, visit, worker):
    people = season.people
    agent = visit()
    sign_in(agent, people["agent"])
    start(agent)
    answer(agent)
    describe_an_initiative(agent)
    attach_evidence(agent)
    fill_the_rest(people["agent"])
    submit(visit(people["signatory"]))

    organiser = visit(people["organiser"])
    assign_readers(organiser, [people["second"], people["juror"]])
    read(visit(people["second"]), rules=True)
    read(visit(people["juror"]), rules=False)
    level = decide(visit(people["chair"]))
    close(organiser)
    publish(organiser)

    verify(visit(), level)


def sign_in(page, person):
    page.goto("/")
    shoot(page, "journey/01-accueil")
    page.get_by_role("link", name="Se connecter").first.click()
    page.locator("[name=login]").fill(person.email)
    page.locator("[name=password]").fill(PASSWORD)
    shoot(page, "journey/02-connexion")
    press(page, "Me connecter")
    page.wait_for_url("**/dossiers/")


def start(page):
    shoot(page, "journey/03-mes-dossiers")
    press(page, f"Commencer le dossier {YEAR}")
    page.wait_for_url(f"**{FILE}/contexte/")
    for yes in page.locator("main [value=yes]").all():
        yes.check()
    shoot(page, "journey/04-contexte")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(f"**{FILE}/questions/express/")


def answer(page):
    """Three clicks, each saved as it is given."""
    page.goto(f"{FILE}/questions/express/")
    for question in express()[:3]:
        card = page.locator(f"[id='{question}']")
        card.locator("fieldset input").first.check()
        expect(card.locator(".saved")).to_contain_text("Enregistré à")
    shoot(page, "journey/05-questions")
    saved = Answer.objects.filter(application__territory__code=AUBAINE).values_list("question_id", flat=True)
    assert set(saved) == set(express()[:3])


def describe_an_initiative(page):
    page.goto(f"{FILE}/initiatives/nouvelle/")
    page.locator("main [name=title]").fill("Permanences numériques du mardi")
    page.locator("main [name=axis]").first.check()
    page.locator("main [name=issues]").first.check()
    page.locator("main [name=description]").fill(LONG)
    page.locator("main [name=started_on]").fill((timezone.localdate() - timedelta(days=200)).isoformat())
    page.locator("main [name=operator]").first.check()
    page.locator("main [name=link]").fill("https://aubaine.example/permanences")
    shoot(page, "journey/06-initiative")
    page.locator("main form.form button[type=submit]").click()
    expect(page.locator("body")).to_contain_text("cette initiative compte dans votre score")


def attach_evidence(page):
    for question, fill in zip(express(), (attach_file, attach_link), strict=False):
        page.goto(f"{FILE}/preuves/ajouter/?question={question}")
        fill(page)
        press(page, "Joindre la preuve")
        expect(page.locator("body")).to_contain_text("La preuve est jointe au dossier")
    page.goto(f"{FILE}/preuves/")
    shoot(page, "journey/07-preuves")
    assert Evidence.objects.filter(application__territory__code=AUBAINE).count() == 2


def attach_file(page):
    page.locator("main [name=title]").fill("Délibération du conseil municipal")
    content = "Le conseil municipal décide d’ouvrir une permanence numérique.".encode()
    page.locator("main [name=upload]").set_input_files(
        {"name": "deliberation.txt", "mimeType": "text/plain", "buffer": content}
    )


def attach_link(page):
    page.locator("main [name=title]").fill("La page du site")
    page.locator("main [name=url]").fill("https://aubaine.example/numerique")


def fill_the_rest(by):
    """By the action that imports use; what was answered in the pages stays, and one claim waits for the jury."""
    application = file()
    framework = application.framework.parsed
    document = files.simulate(framework, application, application.edition, random.Random(3), level=3, whole=True)
    given = set(express()[:3])
    claim, reason = next((id, why) for id, why in files.claims(framework).items() if id in document["answers"])
    answers = {
        id: answer
        for id, answer in document["answers"].items()
        if id not in given and answer.get("state") != "not_applicable"
    }
    answers[claim] = {"state": "not_applicable", "reason": reason}
    document = {"answers": answers, "initiatives": document["initiatives"], "evidence": document["evidence"]}
    actions.fill(application=application, document=document, by=by, now=timezone.now())


def submit(page):
    page.goto(f"{FILE}/")
    shoot(page, "journey/08-vue-d-ensemble")
    page.goto(f"{FILE}/score/")
    shoot(page, "journey/09-raisons-du-score")
    page.goto(f"{FILE}/depot/")
    shoot(page, "journey/10-depot")
    page.locator("[name=statement]").check()
    press(page, "Déposer la candidature")
    page.wait_for_url(f"**{FILE}/accuse/")
    link = page.get_by_role("link", name="Télécharger l’accusé")
    link.wait_for()
    shoot(page, "journey/11-accuse")
    assert pdf(page, link)


def assign_readers(page, readers):
    page.goto("/organisation/")
    shoot(page, "journey/12-organisation")
    for reader in readers:
        page.goto(f"{EDITION}lecteurs/{AUBAINE}/")
        page.locator("[name=juror]").last.select_option(label=str(reader))
        press(page, "Confier le dossier")
    page.goto(f"{EDITION}lecteurs/")
    shoot(page, "journey/13-lecteurs")


def read(page, *, rules):
    page.goto("/jury/")
    shoot(page, "journey/14-mes-lectures")
    page.goto(READING)
    if rules:
        rule(page)
        page.goto(READING)
    for marks in page.locator("fieldset.mark").all():
        marks.locator("input").nth(2).check()
    page.locator("#comment_to_territory").fill("Un accueil des habitants remarquable.")
    page.get_by_text("Au jury seul, mention").click()
    page.locator("#comment_to_jury").fill("Le dossier est sincère.")
    expect(page.locator("#saved")).to_contain_text("Enregistré le")
    shoot(page, "journey/15-lecture")
    press(page, "Rendre ma lecture")
    expect(page.locator("body")).to_contain_text("Votre lecture est rendue.")


def rule(page):
    """What the commune says not to be concerned by: accepted, in two presses."""
    page.locator(".piece.awaited summary").first.click()
    page.get_by_role("button", name="J’accepte").first.click()
    expect(page.locator("#judged")).to_contain_text("1 avis sur")


def decide(page):
    page.goto(f"/jury/deliberation/{YEAR}/")
    shoot(page, "journey/16-deliberation")
    page.goto(READING)
    level = scorecards.live(file()).level
    page.locator(f"[name=level][value='{level}']").check()
    page.locator("#id_comment_to_territory").fill("Le jury salue les permanences du mardi.")
    shoot(page, "journey/17-decision")
    press(page, "Décider le niveau")
    expect(page.locator("body")).to_contain_text("Le niveau est décidé")
    return level


def close(page):
    """Applications are closed, and the announcement is for now."""
    page.goto(EDITION)
    shoot(page, "journey/18-edition")
    page.goto(f"{EDITION}calendrier/")
    page.get_by_text("Clore maintenant").click()
    press(page, "Oui, clore les candidatures")
    expect(page.locator("body")).to_contain_text("Les candidatures sont closes.")
    page.goto(f"{EDITION}dates/")
    now = timezone.localtime()
    page.locator("[name=closes_at]").fill(f"{now - timedelta(minutes=2):%Y-%m-%dT%H:%M}")
    page.locator("[name=results_at]").fill(f"{now:%Y-%m-%dT%H:%M}")
    page.locator("[name=reason]").fill("La cérémonie est avancée.")
    page.locator("main form button[type=submit]").click()
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator("body")).to_contain_text("Les dates sont enregistrées.")


def publish(page):
    page.goto(f"{EDITION}publication/")
    page.get_by_text("Publier l’édition", exact=True).last.click()
    page.locator("[name=unsigned]").fill("La séance s’est tenue à distance ; le procès-verbal sera signé demain.")
    shoot(page, "journey/19-publication")
    press(page, "Oui, publier maintenant")
    expect(page.locator("#progress-title")).to_contain_text("Publication terminée")
    expect(page.locator("#progress-papers")).to_contain_text("1 sur 1")
    shoot(page, "journey/20-publiee")


def verify(page, level):
    """The directory, the page of the commune, its certificate, the number typed by hand."""
    page.goto("/annuaire/")
    page.locator("main [name=q]").fill("aubaine")
    page.locator("main [name=q]").press("Enter")
    found = page.get_by_role("link", name="Aubaine", exact=True)
    found.wait_for()
    shoot(page, "journey/21-annuaire")
    found.click()
    page.wait_for_url(f"**/annuaire/{AUBAINE}/**")
    shoot(page, "journey/22-commune")
    assert pdf(page, page.get_by_role("link", name="Télécharger l’attestation (PDF)"))
    number = Certificate.objects.get(result__territory__code=AUBAINE, result__level=level).number
    page.goto("/verifier/")
    page.locator("main [name=numero]").fill(number.lower())
    page.get_by_role("button", name="Vérifier", exact=True).click()
    expect(page.locator("h1")).to_have_text("Attestation authentique et en vigueur")
    expect(page.locator("main")).to_contain_text("Aubaine")
    shoot(page, "journey/23-verification")


def press(page, name):
    page.get_by_role("button", name=name).click()


def pdf(page, link):
    answer = page.request.get(link.get_attribute("href"))
    return answer.status == 200 and answer.body().startswith(b"%PDF-")


def express():
    framework = Application.objects.select_related("framework").get().framework.parsed
    return [question.id for question in framework.questions if question.express]


def file():
    return Application.objects.select_related("edition", "framework", "territory__department").get()

"""A whole season in Chromium, as whoever installs the service lives it: `manage.py serve` on an empty folder, the
address that it prints, then pages and mails alone; no shell, no variable but the folder. Time passes by moving the
edition's own dates, as its organiser would."""

import re
from contextlib import suppress
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Error, expect

from tests.browser.conftest import shoot, windows
from tests.jury.conftest import QUESTIONNAIRE
from tests.pair import free_port
from tests.site import Site
from tests.smtp import catcher
from tests.worker import wait

pytestmark = [pytest.mark.browser, pytest.mark.trial]

SECRET = "quatre mots sans lien"
DAY = timedelta(days=1)
EDITION = "/organisation/editions/2027/"
# Communes of the official list, which the first start loads.
CODES = [
    *("01001", "01005", "01007", "01008", "01009", "01010", "01011", "01012", "01015", "01016"),
    *("01017", "01021", "01022", "01026", "01028", "01029", "01030", "01035", "01036", "01037"),
]
EARLY, LATE, IDLE = CODES[:3]
REFUSED = f"mairie{CODES[-1]}@x.example"


@pytest.fixture
def site(tmp_path):
    started = Site(tmp_path / "data", free_port())
    started.start()
    try:
        yield started
    finally:
        started.kill()


@pytest.fixture
def visit(chromium, site):
    with windows(chromium, site.url) as opened:
        yield opened


@pytest.fixture
def post(site):
    """A server of mails that refuses one mailbox for good."""
    with catcher({REFUSED: 550}) as (port, accepted):
        yield Post(port, accepted, site.url)


class Post:
    def __init__(self, port, accepted, site):
        self.port, self.accepted, self.site = port, accepted, site

    def link(self, to, part):
        """The last link of this sort that this person received: it leads to the site where it was started."""

        def found():
            texts = [mail.get_content() for mail in self.accepted if mail["To"] == to]
            links = [link for text in texts for link in re.findall(r"http\S+", text) if part in link]
            return links and links[-1]

        link = wait(found, seconds=120, every=0.2)
        assert link.startswith(self.site)
        return link

    def told(self, subject):
        return {mail["To"] for mail in self.accepted if mail["Subject"] == subject}


def test_a_season_by_the_pages(site, visit, post):
    now = timezone.now()
    address = re.search(r"http://\S+/demarrer/\S+", site.says("/demarrer/"))[0]
    organiser = assistant(visit(), address, post)
    prepare(organiser, visit, post, now)
    invite(organiser, post)
    mayors = [mayor(visit(), post, code) for code in (EARLY, LATE, IDLE)]
    submit(mayors[0], EARLY)
    remind(organiser, post, now)
    close_with_one_delay(organiser, mayors, now)
    chair, readers = sit(organiser, visit, post)
    judge(organiser, chair, readers)
    sign(chair)
    publish(organiser, visit)
    celebrate(organiser)
    correct(organiser, mayors[0], chair, visit)
    begin_again(organiser)


def assistant(page, address, post):
    page.goto(address)
    shoot(page, "season/01-premier-demarrage")
    fill(page, name="Olivia", function="déléguée générale", email="olivia@label.example", password=SECRET, again=SECRET)
    send(page, "Démarrer le label, pas à pas")
    shoot(page, "season/02-pas-a-pas")
    page.goto("/organisation/reglages/")
    fill(page, name="Comète", organiser="l’association Comète", contact="label@x.example")
    send(page, "Les réglages sont enregistrés")
    shoot(page, "season/03-mots")
    page.goto("/organisation/reglages/courriel/")
    fill(page, host="127.0.0.1", port=str(post.port), sender="envoi@x.example")
    page.locator("[name=security]").select_option("none")
    send(page, "Les réglages du courrier sont enregistrés")
    page.locator("[name=to]").fill("olivia@label.example")
    press(page, "Envoyer l’essai", "Le serveur a pris l’essai")
    code = re.search(r"\d{6}", post.accepted[-1].get_content())[0]
    page.locator("[name=code]").fill(code)
    press(page, "Vérifier le code", "L’essai est arrivé")
    shoot(page, "season/04-courrier")
    page.goto("/organisation/reglages/cachet/")
    press(page, "Essayer le cachet", "L’essai est demandé")
    reloaded(page, "Avant une vraie publication")
    shoot(page, "season/04-cachet")
    return page


def prepare(page, visit, post, now):
    """The questionnaire, corrected in its words; the edition, approved by two and opened."""
    page.goto("/organisation/referentiels/")
    page.locator("[name=file]").set_input_files(
        {"name": "cadre.yaml", "mimeType": "text/yaml", "buffer": QUESTIONNAIRE.encode()}
    )
    press(page, "Vérifier et charger", "Le référentiel 2027 est chargé")
    page.get_by_text("Médiation numérique").click()
    page.get_by_role("link", name="Corriger ces textes").click()
    page.locator("[name='INC-01.text']").fill("Aidez-vous les habitants à la mairie ?")
    shoot(page, "season/05-textes")
    press(page, "Faire une nouvelle version", "Une nouvelle version porte vos corrections")
    shoot(page, "season/06-referentiel")
    framework = page.url
    page.goto("/organisation/editions/nouvelle/")
    page.locator("[name=year]").fill("2027")
    fill_dates(page, opens_at=now + DAY, closes_at=now + 40 * DAY, results_at=now + 90 * DAY)
    page.locator("[name=framework]").select_option(index=1)
    send(page, "L’édition 2027 est créée")
    page.goto(framework)
    press(page, "Approuver ce référentiel", "Votre accord est noté")
    page.goto("/organisation/organisateurs/")
    fill(page, email="omar@label.example", name="Omar")
    page.locator("main form.form [name=role][value=organiser], main form.form select[name=role]").first.click()
    press(page, "Confier ce rôle", "Omar")
    second = newcomer(visit(), post, "omar@label.example")
    second.goto(framework)
    press(second, "Approuver ce référentiel", "Votre accord est noté")
    page.goto(f"{EDITION}calendrier/")
    press(page, "Montrer l’édition", "est visible")
    page.get_by_text("Ouvrir maintenant").click()
    press(page, "Oui, ouvrir les candidatures", "Les candidatures sont ouvertes")
    shoot(page, "season/07-calendrier")


def invite(page, post):
    lines = "code;adresse\n" + "".join(f"{code};mairie{code}@x.example\n" for code in CODES)
    page.goto(f"{EDITION}campagne/invitees/")
    page.locator("[name=role][value=signatory]").check()
    page.locator("[name=file]").set_input_files({"name": "l.csv", "mimeType": "text/csv", "buffer": lines.encode()})
    press(page, "Lire la liste", "20 adresses se lisent bien")
    press(page, "Ajouter ces adresses", "20 adresses sont ajoutées")
    shoot(page, "season/08-invitees")
    write(page, segment="invited", subject="{commune} et le label", text="Bonjour,\n{lien}", per_minute="600")
    shoot(page, "season/09-message")
    plan(page)
    for code in CODES[:-1]:
        post.link(f"mairie{code}@x.example", "/invite/")
    reloaded(page, "550")
    shoot(page, "season/10-suivi")


def write(page, *, segment, **fields):
    page.goto(f"{EDITION}campagne/messages/nouveau/")
    page.locator("[name=segment]").select_option(segment)
    fill(page, **fields)
    press(page, "Enregistrer et relire", "Tel qu’il partirait")


def plan(page):
    page.get_by_text("Prévoir l’envoi").click()
    page.get_by_role("button", name="Oui, le prévoir").click()


def mayor(page, post, code):
    """Whoever reads the mail: the link, an account, the file begun."""
    page.goto(post.link(f"mairie{code}@x.example", "/invite/"))
    fill(page, name="Ada", function="maire")
    for field in page.locator("main [type=password]").all():
        field.fill(SECRET)
    page.get_by_role("button", name="Créer mon compte et rejoindre").click()
    page.wait_for_url("**/dossiers/**")
    page.goto("/dossiers/")
    page.get_by_role("button", name="Commencer le dossier 2027").click()
    page.wait_for_url(f"**/dossiers/{code}/2027/**")
    page.goto(f"/dossiers/{code}/2027/questions/mediation/")
    card = page.locator("[id='INC-01']")
    card.locator("fieldset input").first.check()
    expect(card.locator(".saved")).to_contain_text("Enregistré à")
    return page


def submit(page, code):
    page.goto(f"/dossiers/{code}/2027/depot/")
    page.locator("[name=statement]").check()
    page.get_by_role("button", name="Déposer la candidature").click()
    page.wait_for_url(f"**/dossiers/{code}/2027/accuse/")


def remind(page, post, now):
    """Planned for three days before the closing; the closing comes nearer, the reminder with it."""
    write(page, segment="started", subject="Bientôt", text="Avant le {clôture}", days_before="3", per_minute="600")
    plan(page)
    assert move(page, closes_at=now + 2 * DAY).count("pourront être déposés") == 1
    wait(lambda: len(post.told("Bientôt")) == 2, seconds=120, every=0.2)
    assert post.told("Bientôt") == {f"mairie{LATE}@x.example", f"mairie{IDLE}@x.example"}


def close_with_one_delay(page, mayors, now):
    told = move(page, opens_at=now - 2 * DAY, closes_at=now - DAY)
    assert "2 dossiers en préparation ne pourront plus être déposés" in told
    page.goto(f"{EDITION}delais/")
    fill(page, territory=LATE, reason="inondation")
    fill_dates(page, until=now + DAY)
    send(page, "peut déposer jusqu’au")
    submit(mayors[1], LATE)
    mayors[2].goto(f"/dossiers/{IDLE}/2027/depot/")
    expect(mayors[2].locator("main")).to_contain_text("closes")
    expect(mayors[2].get_by_role("button", name="Déposer la candidature")).to_have_count(0)


def sit(page, visit, post):
    people = []
    for who in ("claire", "jean", "jade"):
        page.goto(f"{EDITION}jury/")
        fill(page, email=f"{who}@jury.example", name=who, function="jury")
        page.locator("[name=is_chair]").set_checked(who == "claire")
        page.get_by_role("button", name="Inviter", exact=True).click()
        expect(page.locator("main")).to_contain_text(f"{who}@jury.example")
        juror = newcomer(visit(), post, f"{who}@jury.example")
        juror.goto("/jury/liens/")
        juror.get_by_role("button", name="Je n’ai aucun lien").click()
        people.append(juror)
    return people[0], people[1:]


def judge(organiser, chair, readers):
    for code in (EARLY, LATE):
        for who, reader in zip(("jean", "jade"), readers, strict=True):
            organiser.goto(f"{EDITION}lecteurs/{code}/")
            organiser.locator("[name=juror]").last.select_option(label=who)
            organiser.get_by_role("button", name="Confier le dossier").click()
            expect(organiser.locator("main")).to_contain_text(who)
            reader.goto(f"/jury/{code}/2027/")
            for marks in reader.locator("fieldset.mark").all():
                marks.locator("input").nth(2).check()
            reader.locator("#comment_to_territory").fill("Un bel accueil.")
            expect(reader.locator("#saved")).to_contain_text("Enregistré le")
            press(reader, "Rendre ma lecture", "Votre lecture est rendue")
        chair.goto(f"/jury/{code}/2027/")
        examined = re.search(r"Niveau instruit\s: (\d)", chair.locator("main").inner_text())[1]
        chair.locator(f"[name=level][value='{examined}']").check()
        press(chair, "Décider le niveau", "Le niveau est décidé")
    organiser.goto("/organisation/")
    shoot(organiser, "season/11-la-saison")


def sign(page):
    page.goto("/jury/proces-verbal/2027/")
    page.locator("[name=place]").fill("Lyon")
    for field in page.locator("fieldset.presence").all():
        field.locator("label").first.click()
    page.locator("[name=statement]").check()
    press(page, "Signer le procès-verbal", "2 décisions")


def publish(page, visit):
    """In secret, then announced at its minute."""
    page.goto(f"{EDITION}publication/")
    shoot(page, "season/12-publication")
    page.get_by_text("Publier l’édition", exact=True).last.click()
    page.get_by_role("button", name="Oui, publier").click()
    expect(page.locator("#progress-title")).to_contain_text("Publication terminée")
    anyone = visit()
    anyone.goto(f"/annuaire/{EARLY}/")
    assert "sur\u00a05" not in anyone.locator("main").inner_text()
    move(page, results_at=timezone.now() - timedelta(minutes=1))

    def announced():
        anyone.goto(f"/annuaire/{EARLY}/")
        return "sur\u00a05" in anyone.locator("main").inner_text()

    wait(announced, seconds=120, every=0.5)


def celebrate(page):
    """Who comes, and what is printed, by the worker that the start brought."""
    page.goto(f"{EDITION}ceremonie/")
    expect(page.locator("main")).to_contain_text("Cachet de démonstration")
    page.locator(f"[name=people-{EARLY}]").fill("3")
    press(page, "Enregistrer les présences", "3 personnes sont attendues")
    page.get_by_role("button", name="Réunir les attestations").click()
    reloaded(page, "Attestations à imprimer")
    shoot(page, "season/13-ceremonie")


def correct(organiser, signatory, chair, visit):
    """One demand to read again, answered; one result withdrawn."""
    signatory.goto(f"/dossiers/{EARLY}/2027/reexamen/")
    signatory.locator("[name=grounds]").fill("Une preuve mal lue.")
    press(signatory, "Déposer la demande", "Une preuve mal lue.")
    chair.goto("/jury/reexamens/")
    chair.locator("main a[href*='/jury/reexamens/']").first.click()
    chair.locator("[name=upheld][value=non]").check()
    chair.locator("[name=answer]").fill("La preuve a été relue.")
    chair.get_by_role("button", name="Envoyer la réponse").click()
    signatory.goto(f"/dossiers/{EARLY}/2027/reexamen/")
    expect(signatory.locator("main")).to_contain_text("La preuve a été relue.")
    organiser.goto(f"{EDITION}resultats/{LATE}/retrait/")
    organiser.locator("[name=reason]").fill("À la demande de la commune.")
    organiser.get_by_role("button", name="Retirer ce résultat").click()
    anyone = visit()
    anyone.goto(f"/annuaire/{LATE}/")
    assert "arobase sur\u00a05" not in anyone.locator("main").inner_text()


def begin_again(page):
    page.goto(f"{EDITION}calendrier/")
    page.get_by_role("button", name="Préparer 2028").click()
    expect(page.locator("main")).to_contain_text("Le calendrier de l’édition 2028")
    expect(page.locator("main")).to_contain_text("Le public ne la voit pas")
    shoot(page, "season/14-annee-suivante")


def newcomer(page, post, email):
    """Whom the organiser named: the mail, a password, in."""
    page.goto(post.link(email, "/compte/mot-de-passe/choisir/"))
    for field in page.locator("main [type=password]").all():
        field.fill(SECRET)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state()
    page.goto("/compte/connexion/")
    if page.locator("[name=login]").count():
        fill(page, login=email, password=SECRET)
        page.get_by_role("button", name="Me connecter").click()
        page.wait_for_load_state()
    return page


def move(page, **dates):
    """Both steps of a change of dates; what the first one told."""
    page.goto(f"{EDITION}dates/")
    fill_dates(page, **dates)
    page.locator("[name=reason]").fill("le calendrier de la saison")
    page.get_by_role("button", name="Voir ce que cela change").click()
    page.get_by_role("heading", name="Ce que ce changement fait").wait_for()
    told = page.locator("main").inner_text()
    press(page, "Oui, changer les dates", "Les dates sont enregistrées")
    return told


def reloaded(page, words):
    """What a worker does shows once the page is asked again."""

    def shown():
        # The page may be asking for itself at that very moment.
        with suppress(Error):
            page.reload()
            return words in page.locator("main").inner_text()

    wait(shown, seconds=120, every=0.5)


def fill(page, **fields):
    for name, text in fields.items():
        page.locator(f"main [name={name}]").fill(text)


def fill_dates(page, **dates):
    for name, when in dates.items():
        page.locator(f"main [name={name}]").fill(f"{timezone.localtime(when):%Y-%m-%dT%H:%M}")


def send(page, told):
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator("body")).to_contain_text(told)


def press(page, name, told):
    page.get_by_role("button", name=name).first.click()
    expect(page.locator("body")).to_contain_text(told)

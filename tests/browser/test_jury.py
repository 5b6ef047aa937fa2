"""A whole jury in a browser: invited, with its conflicts, two blind readings that differ, a revision, a vote, the
minutes, an appeal."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from jury import actions
from jury.doors import examination
from jury.models import Ballot, Decision, Minutes
from tests import season as seasons
from tests.season import AUBAINE, LAST_YEAR, YEAR

pytestmark = [pytest.mark.browser, pytest.mark.trial]

CODE = "01908"  # Hautecombe: submitted, nobody reads it yet
FILE = f"/jury/{CODE}/{YEAR}/"
SESSION = f"/jury/seance/{YEAR}/"
# Presses of the mouse, kept by the tab from page to page.
COUNT = """
addEventListener("pointerdown", () => { sessionStorage.presses = Number(sessionStorage.presses ?? 0) + 1; }, true);
if (location.protocol === "http:") sessionStorage.met = Number(sessionStorage.met ?? 0) + 1;
"""
# Of each person, from the invitation of a juror to the signed minutes: presses of the mouse, and pages. Written down in
# docs/measures.md.
EFFORT = {"organiser": (3, 5), "first": (11, 6), "second": (8, 5), "chair": (8, 9)}


def counted(page):
    page.context.add_init_script(COUNT)
    return page


def effort(page):
    return tuple(page.evaluate("[Number(sessionStorage.presses), Number(sessionStorage.met)]"))


def press(page, name):
    page.get_by_role("button", name=name).first.click()


def says(page, words):
    expect(page.locator("body")).to_contain_text(words)


def test_a_jury_from_its_invitation_to_an_appeal(season, visit):
    organiser = counted(visit(season.people["organiser"]))
    newcomer = invite(organiser)
    conflict(visit(newcomer))
    assign(organiser, [season.people["juror"], season.people["second"]])

    first, second, chair = (counted(visit(season.people[who])) for who in ("juror", "second", "chair"))
    read(first, level=2, words="Un dossier encore fragile.")
    second.goto(FILE)
    assert "Un dossier encore fragile." not in second.content()
    read(second, level=4, words="Une démarche solide.")
    accept_claims(season)
    revise(first)

    granted = vote(chair, [first, second], season)
    decide(chair, granted)
    sign(chair)
    people = {"organiser": organiser, "first": first, "second": second, "chair": chair}
    assert {who: effort(page) for who, page in people.items()} == EFFORT
    appeal(visit(season.people["signatory"]), chair, visit(season.people["recused"]))


def invite(page):
    page.goto(f"/organisation/editions/{YEAR}/jury/")
    page.locator("#id_email").fill("nora@jury.example")
    page.locator("#id_name").fill("Nora")
    page.locator("#id_function").fill("Juriste")
    press(page, "Inviter")
    says(page, "Nora siège au jury")
    return User.objects.get(email="nora@jury.example")


def conflict(page):
    """Nora lives in Hautecombe: its file is not shown to her, and the organiser cannot hand it to her."""
    page.goto("/jury/liens/")
    page.locator("#q").fill(CODE)
    page.locator(f"#choix input[value='{CODE}']").check()
    page.locator("#id_kind").select_option("habitation")
    page.locator("#id_nature").fill("J’y habite")
    press(page, "Déclarer ce lien")
    says(page, "J’y habite")
    assert page.goto(FILE).status == 404


def assign(page, readers):
    page.goto(f"/organisation/editions/{YEAR}/lecteurs/{CODE}/")
    assert "Nora" not in page.locator("select[name=juror]").inner_text()
    for reader in readers:
        page.locator("[name=juror]").last.select_option(label=str(reader))
        press(page, "Confier le dossier")
        says(page, "Le dossier est confié")


def read(page, *, level, words, file=FILE):
    page.goto(file)
    page.get_by_text("Ses années passées").click()
    says(page, "Au fil des années")
    for axis in page.locator("fieldset.mark").filter(has=page.locator("[name^=mark-]")).all():
        axis.locator("input").nth(2).check()
    page.locator(f"[name=proposed_level][value='{level}']").check()
    page.locator("#comment_to_territory").fill(words)
    expect(page.locator("#saved")).to_contain_text("Enregistré le")
    press(page, "Rendre ma lecture")
    says(page, "Votre lecture est rendue.")


def accept_claims(season):
    """Without the pages, which the other journey shows."""
    juror, application = season.seat("juror"), season.files[CODE]
    application.refresh_from_db()
    while pending := pending_claims(application):
        for claim in pending:
            actions.rule(
                application=application,
                on=claim,
                accepted=True,
                reason="Vu.",
                by=juror,
                now=juror.panel.edition.closes_at,
            )


def pending_claims(application):
    return examination.live(application).claims_pending


def revise(page):
    """Both have read: they see each other, and the first comes nearer; what was said before stays."""
    page.goto(FILE)
    says(page, "Une démarche solide.")
    page.get_by_text("Réviser ma lecture").click()
    page.locator("[name=proposed_level][value='4']").check()
    press(page, "Enregistrer la révision")
    says(page, "Votre lecture est révisée")
    says(page, "Révisée 1 fois")


def vote(chair, readers, season):
    """On three screens: the vote appears by itself on those that are open."""
    for page in readers:
        page.goto(SESSION)
    chair.goto(FILE)
    chair.get_by_text("Faire voter le jury").click()
    press(chair, "Mettre aux voix")
    ballot = Ballot.objects.get(application=season.files[CODE])
    for page in [*readers, chair]:
        expect(page.locator(f"#ballot-{ballot.pk}")).to_be_visible()
        page.locator(f"#vote-{ballot.pk}-{ballot.examined_level}").click()
        says(page, "Votre voix est enregistrée")
    chair.locator(f"#close-{ballot.pk}").click()
    says(chair, "Le vote est clos.")
    return ballot.examined_level


def decide(page, level):
    page.goto(FILE)
    expect(page.locator(f"[name=level][value='{level}']")).to_be_checked()
    press(page, "Décider le niveau")
    says(page, "Le niveau est décidé")
    assert Decision.objects.get(application__territory__code=CODE, application__edition__year=YEAR).level == level


def sign(page):
    page.goto(f"/jury/proces-verbal/{YEAR}/")
    page.locator("#id_place").fill("Lyon")
    page.locator("#id_statement").check()
    press(page, "Signer le procès-verbal")
    says(page, "se prépare")
    seasons.work("minutes.make")
    page.reload()
    says(page, Minutes.objects.get(panel__edition__year=YEAR).file.sha256)
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger").click()
    assert download.value.path().read_bytes().startswith(b"%PDF")


def appeal(signatory, chair, reader):
    """The one juror of last year who did not read Aubaine's file reads it before the answer."""
    signatory.goto(f"/dossiers/{AUBAINE}/{LAST_YEAR}/reexamen/")
    signatory.locator("#id_grounds").fill("La médiathèque a rouvert en septembre.")
    press(signatory, "Déposer la demande")
    says(signatory, "Votre demande est déposée")
    chair.goto("/jury/reexamens/")
    chair.get_by_role("link", name="Aubaine").click()
    says(chair, "La médiathèque a rouvert en septembre.")
    press(chair, "Confier la relecture")
    says(chair, "lecture attendue")
    read(reader, level=3, words="Relu sans rien y changer.", file=f"/jury/{AUBAINE}/{LAST_YEAR}/")
    chair.reload()
    chair.locator("[name=upheld][value=non]").check()
    chair.locator("#id_answer").fill("Aucune pièce ne l’établit.")
    press(chair, "Envoyer la réponse")
    signatory.reload()
    says(signatory, "Aucune pièce ne l’établit.")

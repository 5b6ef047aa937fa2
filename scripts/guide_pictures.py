"""The pictures of docs/guide, taken again from a demonstration that runs:

    make demo                                        # in one terminal, until the seasons are ready
    .venv/bin/python scripts/guide_pictures.py       # in another; or with an address: … http://127.0.0.1:8001
    .venv/bin/python scripts/guide_pictures.py http://127.0.0.1:8000 organisation   # the pages of one person alone

Each is the part of a page that the guide speaks of, as WebP, into docs/images/guide."""

import base64
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, sync_playwright

FOLDER = Path(__file__).resolve().parents[1] / "docs/images/guide"
PASSWORD = "arobase-demonstration"  # noqa: S105 -- of the demonstration, which prints it
WIDTH, TALLEST, WIDEST, COLOURS = 1_080, 760, 720, 32
MARGIN = 12


def main(address: str, *people: str) -> None:
    """`people`: whose pages alone are taken again; nobody named, everybody's."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for take, person in (
            (agent, "agent"),
            (signatory, "signataire"),
            (juror, "juree3"),
            (chair, "presidente"),
            (organiser, "organisation"),
        ):
            if person in (people or [person]):
                with signed_in(browser, address, person) as page:
                    take(page)


@contextmanager
def signed_in(browser: Browser, address: str, person: str) -> Iterator[Page]:
    context = browser.new_context(
        base_url=address, locale="fr-FR", viewport={"width": WIDTH, "height": 900}, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto("/compte/connexion/")
    page.fill("[name=login]", f"{person}@demo.example")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Me connecter").click()
    page.wait_for_url(lambda url: "connexion" not in url)
    yield page
    context.close()


def agent(page: Page) -> None:
    file = draft(page)
    picture(page, "mes-dossiers", "main")
    page.goto(file)
    picture(page, "dossier", "main")
    picture(page, "mosaique", "main section:has(> ul.mosaic)")
    page.goto(f"{file}questions/identite/")
    question = page.locator("article.question:has([value=unknown])").first
    question.locator(".line summary").first.click()
    picture(page, "question", question)
    unanswered = page.locator("article.question:has([value=unknown])", has_text="Sans réponse").first
    unknown = page.locator(f"[id='{unanswered.get_attribute('id')}']")
    unknown.locator("[value=unknown]").check()
    unknown.locator(".callout").wait_for()
    picture(page, "je-ne-sais-pas", unknown)
    page.goto(f"{file}reprise/")
    picture(page, "reprise", "main")
    page.goto(f"{file}initiatives/nouvelle/")
    picture(page, "initiative", "main")
    page.goto(f"{file}tableur/")
    picture(page, "tableur", "main")
    page.goto(f"{file}simulation/inclusion/")
    picture(page, "et-si", "main")


def signatory(page: Page) -> None:
    file = draft(page)
    page.goto(f"{file}depot/")
    picture(page, "deposer", "main")
    page.goto(f"/compte/equipe/{file.split('/')[2]}/")
    picture(page, "equipe", "main")


def juror(page: Page) -> None:
    page.goto("/jury/")
    picture(page, "mes-lectures", "main")
    page.goto(first(page, "main .rows a[href^='/jury/']"))
    picture(page, "lecture", "main")


def chair(page: Page) -> None:
    page.goto("/jury/")
    page.goto(first(page, "main a[href^='/jury/deliberation/']"))
    picture(page, "deliberation", "main")


def organiser(page: Page) -> None:
    page.goto("/organisation/")
    picture(page, "organisation", "main")
    edition = first(page, "main a[href$='/calendrier/']").removesuffix("calendrier/")
    for name in ("edition", "calendrier", "lecteurs", "publication"):
        page.goto(edition if name == "edition" else f"{edition}{name}/")
        picture(page, name, "main")
    page.goto("/organisation/")
    picture(page, "chiffres", page.locator("main .half").last)
    page.goto("/organisation/demarrage/")
    picture(page, "demarrage", "main")
    page.goto("/organisation/reglages/textes/jury.complement/")
    picture(page, "texte-d-un-courriel", "main")
    page.goto("/organisation/referentiels/")
    page.goto(first(page, "main .rows h2 a"))
    picture(page, "referentiel", "main")
    page.goto(f"{edition}campagne/messages/nouveau/")
    page.locator("[name=segment]").select_option("started")
    page.fill("[name=subject]", "{commune} : il reste peu de temps")
    page.fill("[name=text]", "Bonjour {personne},\n\nVotre dossier peut être déposé jusqu’au {clôture} :\n{lien}")
    picture(page, "message", "main")
    page.goto(f"{edition[: -len('0000/')]}{int(edition.split('/')[-2]) - 1}/ceremonie/")
    picture(page, "ceremonie", "main")
    page.goto("/organisation/structures/")
    picture(page, "structures", "main")


def draft(page: Page) -> str:
    """The address of this year's file, from the list of mine."""
    page.goto("/dossiers/")
    return first(page, "main .rows h3 a[href^='/dossiers/']")


def first(page: Page, selector: str) -> str:
    address = page.locator(selector).first.get_attribute("href")
    if not address:
        raise SystemExit(f"{page.url}: nothing answers {selector}")
    return address


def picture(page: Page, name: str, what: str | Locator) -> None:
    """The top of an element, as high as a screen at most."""
    box = (page.locator(what).first if isinstance(what, str) else what).bounding_box()
    if not box:
        raise SystemExit(f"{page.url}: {what} is not shown")
    top = box["y"] + page.evaluate("window.scrollY")
    width = min(box["width"] + 2 * MARGIN, WIDTH)
    clip = {
        "x": max(box["x"] - MARGIN, 0),
        "y": max(top - MARGIN, 0),
        "width": width,
        "height": min(box["height"] + 2 * MARGIN, TALLEST),
        "scale": min(WIDEST / width, 1),
    }
    ask = {"format": "png", "clip": clip, "captureBeyondViewport": True}
    taken = page.context.new_cdp_session(page).send("Page.captureScreenshot", ask)
    # A page has few colours: half as heavy as a photograph of it, and sharper.
    plain = Image.open(BytesIO(base64.b64decode(taken["data"]))).convert("RGB").quantize(COLOURS)
    plain.convert("RGB").save(FOLDER / f"{name}.webp", lossless=True, method=6, quality=100)


if __name__ == "__main__":
    main(*(sys.argv[1:] or ["http://127.0.0.1:8000"]))

"""Chromium on a server of our own. A page that breaks the security policy, a script that fails or an answer of 500
makes its test fail, whatever the test looks at."""

import asyncio
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from playwright.sync_api import expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests import season as seasons
from tests.worker import wait

FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
PATIENCE = 30_000
WIDE, PHONE, NARROW = 1280, 360, 320
SHOTS = os.environ.get("SCREENSHOTS")


def run_aside(run, coroutine):
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run, coroutine).result()


@pytest.fixture(scope="package")
def chromium():
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's own loop runs in this thread: Django must not take our queries for its.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        # … and pyHanko, which runs a loop for each seal, does so in a thread of its own.
        patch.setattr(asyncio, "run", partial(run_aside, asyncio.run))
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        expect.set_options(timeout=PATIENCE)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def db(chromium, django_db_setup, django_db_blocker):
    """Here rows are committed, where the server sees them, kept for the module and flushed after it."""
    with django_db_blocker.unblock():
        before = sessions()
        yield
        wait(lambda: sessions() <= before, seconds=20)
        call_command("flush", verbosity=0, interactive=False)
        # Under Playwright's loop this thread has a second connection, which nothing else would close.
        connection.close()


def sessions():
    """Who is connected to the test's database: the server and the worker must have gone before it is flushed."""
    if connection.vendor != "postgresql":
        return set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        return set(cursor.fetchall())


@pytest.fixture(scope="module")
def server(chromium, db):
    # A thread of the server leaves no connection behind: the database could not be dropped.
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)
        running = LiveServer("localhost")
        yield running
        running.stop()


@pytest.fixture(scope="module")
def season(server):
    return seasons.build()


@pytest.fixture
def visit(chromium, server):
    """`visit()` opens a window for somebody; `visit(person)` for a person already signed in."""
    with windows(chromium, server.url) as opened:
        yield opened


@contextmanager
def windows(chromium, url):
    """On the site of this address; none of them may have shown a fault."""
    contexts, faults = [], []

    def _visit(person=None, *, width=WIDE, javascript=True):
        context = chromium.new_context(
            locale="fr-FR",
            base_url=url,
            viewport={"width": width, "height": 900},
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        if person is not None:
            context.add_cookies([session_of(person, url)])
        page = context.new_page()
        page.on("console", lambda message: faults.append(message.text) if is_fault(message) else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("response", lambda answer: faults.append(f"500: {answer.url}") if answer.status >= 500 else None)
        return page

    yield _visit
    for context in contexts:
        context.close()
    assert faults == []


def is_fault(message):
    """What the browser complains of, except for answers that tests ask for (401 to 422) and for a poll cut off
    because the test went to another page."""
    cut = ("htmx:afterRequest", "htmx:sendAbort", "htmx:sendError")
    expected = ("Failed to load resource", "Response Status Error Code 40", *cut)
    return message.type == "error" and not message.text.startswith(expected)


def session_of(person, url):
    client = Client()
    client.force_login(person)
    (name, morsel), *_others = client.cookies.items()
    return {"name": name, "value": morsel.value, "domain": urlsplit(url).hostname, "path": "/"}


def resize(page, width, height=800):
    """The page knows of its new size a moment after the browser: what is measured next is measured at that size."""
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_function("([width, height]) => innerWidth === width && innerHeight === height", arg=[width, height])


def shoot(page, name):
    """Keep what the page looks like, wide and on a phone, in the folder SCREENSHOTS when it is set."""
    if not SHOTS:
        return
    before = page.viewport_size
    for width in (WIDE, PHONE):
        resize(page, width, 900)
        path = Path(SHOTS) / f"{name}-{width}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=path, full_page=True)
    resize(page, **before)

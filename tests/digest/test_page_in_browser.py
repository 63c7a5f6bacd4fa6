"""The page in a real browser: its layout, and that nothing in it runs or is fetched."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.digest.digest import Digest
from bot.digest.extract import extract
from bot.digest.page import page_of
from bot.digest.picture import draw_map
from tests.digest.days import HOSTILE, day_of, embed
from tests.digest.test_faces import hostile

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here")


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


def pictured() -> Digest:
    made = extract(day_of(40), date(2025, 8, 4), embed)
    return replace(made.digest, picture=draw_map(made.digest, made.labels, made.vectors))


@pytest.fixture(params=["usual", "hostile"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    file = tmp_path / "page.html"
    file.write_text(page_of(pictured() if request.param == "usual" else hostile()), "utf-8")
    return file


@pytest.mark.parametrize("width", [320, 390, 1200])
def test_nothing_is_wider_than_the_screen(browser, path: Path, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(path.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert (
        page.evaluate(
            "Math.min(...[...document.querySelectorAll('p, li')].map(e => parseFloat(getComputedStyle(e).fontSize)))"
        )
        >= 14
    )
    page.close()


def test_nothing_runs_and_nothing_is_fetched(browser, path: Path) -> None:
    page = browser.new_page()
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.goto(path.as_uri())
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if not url.startswith("data:")] == [path.as_uri()]
    assert said == []
    assert page.evaluate("document.scripts.length") == 0
    page.close()


def test_hostile_titles_are_read_as_they_are_written(browser, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(page_of(hostile()), "utf-8")
    page = browser.new_page()
    page.goto(file.as_uri())
    titles = page.locator(".papers .title").all_inner_texts()
    assert titles[0] == HOSTILE[0]
    assert titles[1] == HOSTILE[1]
    assert page.locator("a[href^='javascript']").count() == 0
    page.close()


@pytest.mark.parametrize(("scheme", "light"), [("light", True), ("dark", False)])
def test_the_page_follows_the_reader_between_light_and_dark(browser, path: Path, scheme: str, light: bool) -> None:
    page = browser.new_page(color_scheme=scheme)
    page.goto(path.as_uri())
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    brightness = sum(int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(","))
    assert (brightness > 600) is light
    page.close()


def test_the_picture_is_shown_whole(browser, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(page_of(pictured()), "utf-8")
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(file.as_uri())
    shown = page.evaluate("(e => [e.complete, e.naturalWidth, e.clientWidth])(document.querySelector('img.map'))")
    assert shown[:2] == [True, 1200]
    assert 300 < shown[2] <= 390
    page.close()

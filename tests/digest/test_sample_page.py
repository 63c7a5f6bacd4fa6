"""The sample's page in docs/, as `make sample-page` writes it."""

import re
from datetime import date
from html import unescape
from importlib import resources
from pathlib import Path

from PIL import Image

from bot.digest.view import QUOTED_NOTES
from bot.papers.sources import read_source
from bot.settings import load_settings

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_in_docs_is_of_the_sample_and_of_the_program_as_it_is(tmp_path: Path) -> None:
    page = (DOCS / "daily-sample.html").read_text("utf-8")
    settings = load_settings({"PAPERS_HOME": str(tmp_path)})
    sample = read_source("sample", settings=settings, today=date(2025, 8, 5)).papers
    titles = re.findall(r'<span class="title">(?:<a [^>]*>)?(.*?)(?:</a>)?</span>', page)
    assert sorted(map(unescape, titles)) == sorted(paper.title for _, paper in sample)
    assert f"<style>{resources.files('bot.digest').joinpath('page.css').read_text('utf-8')}</style>" in page
    assert QUOTED_NOTES in unescape(page)


def test_the_picture_in_docs_is_as_wide_as_the_program_draws() -> None:
    assert Image.open(DOCS / "pictures" / "daily.png").width == 1200

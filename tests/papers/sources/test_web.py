"""SOURCE as the address of a page."""

from datetime import date

import pytest

from bot.errors import BadInput, PapersError
from bot.papers.http.network import RefusedAddress
from tests.papers.conftest import Reply

PAGE = "Aug 4\n\nA Title\n\nIt is a short abstract. It works.\n"


def text(body: str, media: str = "text/plain") -> Reply:
    return Reply(body, headers={"Content-Type": media})


def test_a_page_is_read_from_its_address_which_may_hold_the_date(site, ask):
    site.on("/papers/date/2024-08-04", text(PAGE))
    batch = ask(f"{site.url}/papers/date/2024-08-04")
    assert batch.papers[0][1].title == "A Title"
    assert batch.date == date(2024, 8, 4)
    assert batch.source == f"{site.url}/papers/date/2024-08-04"


def test_lines_of_json_are_read_as_such(site, ask):
    site.on("/papers.jsonl", text('{"title": "A Title", "abstract": "Text."}'))
    assert ask(f"{site.url}/papers.jsonl").papers[0][0] == "line 1"


def test_an_error_page_with_status_200_is_no_paper(site, ask):
    site.on("/page", text("<html><h1>Service Unavailable</h1><p>Try again later.</p></html>", "text/html"))
    with pytest.raises(BadInput, match="/page: no papers"):
        ask(f"{site.url}/page")


def test_a_page_that_is_not_there_is_a_failure_outside(site, ask):
    with pytest.raises(PapersError, match="/page answered 404 Not Found") as error:
        ask(f"{site.url}/page")
    assert error.value.status == 1


@pytest.mark.parametrize("source", ["http://", "https://[::1", "http://example.org:port/", "http://a b/"])
def test_what_is_no_address_is_bad_input(ask, source):
    with pytest.raises(BadInput, match="is no http"):
        ask(source)


def test_p22_a_password_in_the_address_is_not_in_the_batch(site, ask):
    site.on("/page", text(PAGE))
    assert "hunter2" not in repr(ask(site.url.replace("//", "//me:hunter2@") + "/page"))


def test_p23_someone_elsewhere_may_name_no_private_address(new_site, ask):
    private = new_site()
    with pytest.raises(RefusedAddress):
        ask(f"{private.url}/page", trusted=False)
    assert private.requests == []


def test_p23_a_page_may_not_redirect_into_this_machine(new_site, site, ask):
    private = new_site()
    site.on("/page", Reply(status=302, headers={"Location": f"{private.url}/page"}))
    with pytest.raises(RefusedAddress):
        ask(f"{site.url}/page", trusted=False)
    assert private.requests == []

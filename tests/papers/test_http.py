"""The one HTTP client, against a real server on loopback."""

import gzip
import logging
import socket
from email.utils import formatdate

import pytest

from bot import limits
from bot.errors import BadInput, PapersError
from bot.papers.http import Fetcher, shown
from bot.papers.http.network import RefusedAddress, is_public
from tests.papers.conftest import Reply

TEXT = ("text/plain",)
OK = Reply("all is well", headers={"Content-Type": "text/plain; charset=utf-8"})


@pytest.fixture
def fetcher(site, settings, clock):
    return Fetcher(settings.home, [site.url], clock=clock, sleep=clock.sleep)


def test_an_answer_has_its_address_headers_and_body(site, fetcher):
    site.on("/page", OK)
    answer = fetcher.get(f"{site.url}/page#part", TEXT)
    assert (answer.body, answer.status, answer.url) == (b"all is well", 200, f"{site.url}/page")
    assert answer.headers["content-type"].startswith("text/plain")
    assert site.requests[0][1]["user-agent"].startswith("papers-bot/")


def test_p18_a_failure_that_passes_is_tried_again_with_growing_waits(site, fetcher, clock):
    site.on("/page", Reply(status=500), Reply(status=503), Reply("cut", length=100), OK)
    assert fetcher.get(f"{site.url}/page", TEXT).body == b"all is well"
    assert [0.5 <= clock.slept[0] <= 1.5, 1 <= clock.slept[1] <= 3, 2 <= clock.slept[2] <= 6] == [True] * 3


def test_p18_tries_are_bounded(site, fetcher, clock):
    site.on("/page", Reply(status=502))
    with pytest.raises(PapersError, match=r"127\.0\.0\.1 answered 502 Bad Gateway; try again later"):
        fetcher.get(f"{site.url}/page", TEXT)
    assert len(site.requests) == limits.FETCH_TRIES == len(clock.slept) + 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_p18_a_failure_that_stays_is_not_tried_again(site, fetcher, status):
    site.on("/page", Reply(status=status))
    with pytest.raises(PapersError, match=f"/page answered {status} "):
        fetcher.get(f"{site.url}/page", TEXT)
    assert len(site.requests) == 1


def test_p18_retry_after_is_kept_in_seconds_and_as_a_date(site, fetcher, clock):
    later = formatdate(clock() + 60, usegmt=True)
    site.on("/page", Reply(status=429, headers={"Retry-After": "20"}), OK)
    site.on("/other", Reply(status=503, headers={"Retry-After": later}), OK)
    fetcher.get(f"{site.url}/page", TEXT)
    assert sum(clock.slept) == pytest.approx(20, abs=0.1)
    fetcher.get(f"{site.url}/other", TEXT)
    assert sum(clock.slept) == pytest.approx(60, abs=0.1)


@pytest.mark.parametrize(
    "headers",
    [
        {"RateLimit": '"api";r=0;t=30', "RateLimit-Policy": '"fixed window";"api";q=500;w=300'},
        {"RateLimit": "limit=500, remaining=0, reset=30"},
        {"RateLimit-Remaining": "0", "RateLimit-Reset": "30"},
        {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1770000030"},
    ],
)
def test_p18_a_used_up_rate_limit_is_waited_for_before_the_next_request(site, fetcher, clock, headers):
    site.on("/page", Reply("last one", headers=headers), OK)
    fetcher.get(f"{site.url}/page", TEXT)
    assert clock.slept == []
    fetcher.get(f"{site.url}/page", TEXT)
    assert clock.slept == [pytest.approx(30, abs=0.1)]


@pytest.mark.parametrize("headers", [{"RateLimit": '"api";r=499;t=30'}, {"RateLimit": "?"}, {"Retry-After": "soon"}])
def test_p18_no_wait_is_asked_for_while_requests_are_left(site, fetcher, clock, headers):
    site.on("/page", Reply("fine", headers=headers))
    fetcher.get(f"{site.url}/page", TEXT)
    fetcher.get(f"{site.url}/page", TEXT)
    assert clock.slept == []


def test_p18_a_wait_beyond_the_deadline_fails_at_once_and_is_kept_by_the_next_process(site, settings, clock):
    site.on("/page", Reply(status=429, headers={"Retry-After": "3600"}), OK)
    first, second = (Fetcher(settings.home, [site.url], clock=clock, sleep=clock.sleep) for _ in range(2))
    with pytest.raises(PapersError, match="answered 429 Too Many Requests; try again after 60 min"):
        first.get(f"{site.url}/page", TEXT)
    with pytest.raises(PapersError, match="asks to be left alone for 60 min"):
        second.get(f"{site.url}/page", TEXT)
    assert (len(site.requests), clock.slept) == (1, [])
    clock.now += 3600
    assert second.get(f"{site.url}/page", TEXT).body == b"all is well"


def test_p18_requests_to_one_site_keep_their_interval_over_all_processes(site, settings, clock):
    site.on("/page", OK)
    for _ in range(3):
        process = Fetcher(settings.home, [site.url], clock=clock, sleep=clock.sleep)
        process.get(f"{site.url}/page", TEXT, site="arxiv", interval=3.0)
    assert clock.slept == [pytest.approx(3.0, abs=0.01)] * 2


def test_p18_tries_keep_the_interval_too(site, fetcher, clock):
    site.on("/page", Reply(status=500), OK)
    fetcher.get(f"{site.url}/page", TEXT, site="arxiv", interval=3.0)
    assert sum(clock.slept) == pytest.approx(3.0, abs=0.01)


def test_p18_a_clock_that_was_set_back_stops_nobody(site, fetcher, clock):
    site.on("/page", OK)
    fetcher.get(f"{site.url}/page", TEXT, site="arxiv", interval=3.0)
    clock.now -= 7 * 86_400
    fetcher.get(f"{site.url}/page", TEXT, site="arxiv", interval=3.0)
    assert clock.slept == []


def test_p18_without_a_directory_to_write_to_the_process_keeps_its_own_pace(site, tmp_path, clock):
    (tmp_path / "home").write_text("a file where the directory should be")
    fetcher = Fetcher(tmp_path / "home", [site.url], clock=clock, sleep=clock.sleep)
    site.on("/page", Reply("fine", headers={"ETag": '"1"'}))
    for _ in range(2):
        assert fetcher.get(f"{site.url}/page", TEXT, interval=3.0).body == b"fine"
    assert clock.slept == [pytest.approx(3.0, abs=0.01)]


@pytest.mark.parametrize("slow", [Reply("x" * 1000, drip=0.05), Reply("x", length=10)], ids=["drip", "cut"])
def test_p18_the_total_deadline_ends_an_answer_that_never_does(site, settings, clock, slow):
    site.on("/page", slow)
    fetcher = Fetcher(settings.home, [site.url], seconds=0.4, clock=clock, sleep=clock.sleep)
    with pytest.raises(
        PapersError, match=r"127\.0\.0\.1 (did not finish in time|broke the connection off); try again"
    ):
        fetcher.get(f"{site.url}/page", TEXT)


def test_p18_headers_that_never_end_run_into_the_deadline(settings, clock):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        fetcher = Fetcher(settings.home, [url], seconds=0.3, clock=clock, sleep=clock.sleep)
        with pytest.raises(PapersError, match="did not finish in time"):
            fetcher.get(url, TEXT)


def test_a_server_that_is_not_there_is_named(settings, clock):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    fetcher = Fetcher(settings.home, [url], clock=clock, sleep=clock.sleep)
    with pytest.raises(PapersError, match=r"127\.0\.0\.1 cannot be reached \(Connection refused\); try again later"):
        fetcher.get(url, TEXT)
    with pytest.raises(PapersError, match=r"no-such-host\.invalid cannot be reached \("):
        fetcher.get("http://no-such-host.invalid/", TEXT)


@pytest.mark.parametrize("url", ["", "ftp://example.org", "http://", "http://[::1", "http://example.org:99999", "x"])
def test_what_is_no_address_is_bad_input(fetcher, url):
    with pytest.raises(BadInput, match="is no http"):
        fetcher.get(url, TEXT)


def test_redirects_on_the_way_are_followed(site, fetcher):
    site.on("/old", Reply(status=301, headers={"Location": "new"}))
    site.on("/new", Reply(status=307, headers={"Location": f"{site.url}/newest"}))
    site.on("/newest", OK)
    assert fetcher.get(f"{site.url}/old", TEXT).url == f"{site.url}/newest"


def test_p23_a_redirect_loop_ends(site, fetcher):
    site.on("/a", Reply(status=302, headers={"Location": "/b"}))
    site.on("/b", Reply(status=302, headers={"Location": "/a"}))
    with pytest.raises(PapersError, match="redirects more than 5 times"):
        fetcher.get(f"{site.url}/a", TEXT)
    assert len(site.requests) == limits.FETCH_REDIRECTS + 1


@pytest.mark.parametrize(
    "target",
    [
        "http://10.0.0.1/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://localhost:1/",
        "http://127.0.0.1:1/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0.0.0.0/",
    ],
)
def test_p23_a_redirect_to_a_private_address_is_refused(site, fetcher, target):
    site.on("/page", Reply(status=302, headers={"Location": target}))
    with pytest.raises(RefusedAddress, match="is at a private address, which is not fetched"):
        fetcher.get(f"{site.url}/page", TEXT)


def test_p23_another_server_of_this_machine_is_not_reached_by_a_redirect(new_site, settings, clock):
    ours, other = new_site(), new_site()
    other.on("/secret", OK)
    ours.on("/page", Reply(status=302, headers={"Location": f"{other.url}/secret"}))
    with pytest.raises(RefusedAddress):
        Fetcher(settings.home, [ours.url], clock=clock, sleep=clock.sleep).get(f"{ours.url}/page", TEXT)
    assert other.requests == []


@pytest.mark.parametrize("target", ["https://example.org/", "file:///etc/passwd", "ftp://example.org/", "gopher://x"])
def test_p23_a_redirect_to_another_scheme_is_refused(site, fetcher, target):
    site.on("/page", Reply(status=302, headers={"Location": target}))
    with pytest.raises(PapersError, match=r"redirects to (https://example\.org/, another scheme|what is no http)"):
        fetcher.get(f"{site.url}/page", TEXT)
    assert len(site.requests) == 1


def test_p23_an_address_that_is_not_our_own_must_be_public(site, settings, clock):
    stranger = Fetcher(settings.home, clock=clock, sleep=clock.sleep)
    for url in (site.url, site.url.replace("127.0.0.1", "localhost")):
        with pytest.raises(RefusedAddress):
            stranger.get(url, TEXT)
    assert site.requests == []


def test_p23_the_address_that_was_checked_is_the_one_that_is_asked(site, settings, clock, monkeypatch):
    """A name is looked up once: a name server that gives another address afterwards gains nothing."""
    look_up = socket.getaddrinfo
    asked = []

    def recorded(host, port, *args, **kwargs):
        asked.append(host)
        return look_up("127.0.0.1" if host == "rebound.example" else host, port, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", recorded)
    site.on("/page", OK)
    url = site.url.replace("127.0.0.1", "rebound.example")
    with pytest.raises(RefusedAddress):
        Fetcher(settings.home, clock=clock, sleep=clock.sleep).get(f"{url}/page", TEXT)
    assert (asked, site.requests) == (["rebound.example"], [])
    Fetcher(settings.home, [url], clock=clock, sleep=clock.sleep).get(f"{url}/page", TEXT)
    assert (asked[1:], len(site.requests)) == (["rebound.example", "127.0.0.1"], 1)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("100.64.0.1", False),
        ("169.254.1.1", False),
        ("224.0.0.1", False),
        ("0.0.0.0", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::5db8:d822", True),
        ("2002:7f00:1::", False),
    ],
)
def test_p23_private_addresses_are_known_in_every_dress(address, public):
    assert is_public(address) is public


@pytest.mark.parametrize("said", [True, False])
def test_p23_an_answer_of_50_mb_is_not_read_to_its_end(site, fetcher, said):
    big = Reply(b"x" * 50_000_000, headers={"Content-Type": "text/plain"})
    site.on("/page", big if said else Reply(gzip.compress(big.body), headers={"Content-Encoding": "gzip"}))
    with pytest.raises(PapersError, match="answered more than 20 MB; nothing of it was taken"):
        fetcher.get(f"{site.url}/page", TEXT)
    assert len(site.requests) == 1


@pytest.mark.parametrize("media", ["image/png", "text/html", "application/octet-stream"])
def test_p23_another_type_than_asked_for_is_refused(site, fetcher, media):
    site.on("/page", Reply("x", headers={"Content-Type": f"{media}; charset=utf-8"}))
    with pytest.raises(PapersError, match=f"answered {media} where text/plain was expected"):
        fetcher.get(f"{site.url}/page", TEXT)


def test_p23_an_answer_in_an_encoding_not_asked_for_or_broken_is_refused(site, fetcher):
    site.on("/br", Reply("x", headers={"Content-Encoding": "br"}))
    site.on("/gzip", Reply("this is not packed", headers={"Content-Encoding": "gzip"}))
    with pytest.raises(PapersError, match="in an encoding that was not asked for"):
        fetcher.get(f"{site.url}/br", TEXT)
    with pytest.raises(PapersError, match="cannot be unpacked"):
        fetcher.get(f"{site.url}/gzip", TEXT)


@pytest.mark.parametrize(
    ("has", "asks"), [({"ETag": '"7"'}, "if-none-match"), ({"Last-Modified": "x"}, "if-modified-since")]
)
def test_an_unchanged_answer_comes_from_the_cache(site, settings, clock, has, asks):
    site.on("/page", Reply("kept", headers={**has, "Link": '</page?p=1>; rel="next"'}), Reply(status=304), OK)
    for _ in range(2):
        fetcher = Fetcher(settings.home, [site.url], clock=clock, sleep=clock.sleep)
        answer = fetcher.get(f"{site.url}/page", TEXT)
        assert (answer.body, answer.status, answer.next) == (b"kept", 200, f"{site.url}/page?p=1")
    assert [asks in headers for _, headers in site.requests] == [False, True]
    assert fetcher.get(f"{site.url}/page", TEXT).body == b"all is well"


def test_a_damaged_cache_holds_nothing(site, settings, fetcher):
    site.on("/page", Reply("kept", headers={"ETag": '"7"'}))
    fetcher.get(f"{site.url}/page", TEXT)
    for damage in (b"", b"{}", b"\xff\xfe\n", b'{"headers": []}\nx'):
        [file] = (settings.home / "cache" / "answers").iterdir()
        file.write_bytes(damage)
        assert fetcher.get(f"{site.url}/page", TEXT).body == b"kept"
    assert all("if-none-match" not in headers for _, headers in site.requests)


def test_the_cache_is_bounded_and_leaves_no_parts(site, settings, fetcher, monkeypatch):
    monkeypatch.setattr(limits, "CACHE_BYTES", 10_000)
    for n in range(8):
        site.on(f"/{n}", Reply("x" * 3000, headers={"ETag": f'"{n}"'}))
        fetcher.get(f"{site.url}/{n}", TEXT)
    files = list((settings.home / "cache" / "answers").iterdir())
    assert 1 <= len(files) <= 3
    assert not any(file.suffix for file in files)


def test_p22_name_and_password_in_an_address_are_sent_and_never_shown(site, fetcher, caplog):
    caplog.set_level(logging.DEBUG)
    secret = site.url.replace("//", "//me:hunter2@")
    site.on("/page", Reply(status=403))
    with pytest.raises(PapersError) as error:
        fetcher.get(f"{secret}/page", TEXT)
    assert site.requests[0][1]["authorization"] == "Basic bWU6aHVudGVyMg=="
    assert "hunter2" not in str(error.value) + caplog.text
    assert shown(f"{secret}/page?x=1") == f"{site.url}/page?x=1"


def test_p22_name_and_password_do_not_follow_a_redirect(site, fetcher):
    site.on("/page", Reply(status=302, headers={"Location": "/other"}))
    site.on("/other", OK)
    fetcher.get(site.url.replace("//", "//me:hunter2@") + "/page", TEXT)
    assert "authorization" not in site.requests[1][1]


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ('</x?p=1>; rel="next"', "http://a.org/x?p=1"),
        ('<https://b.org/x>; rel="prev", <https://b.org/y,z>; title="a"; rel=next', "https://b.org/y,z"),
        ('<https://b.org/x>; rel="last"', None),
        ("", None),
        ("<<<", None),
    ],
)
def test_the_next_page_is_in_the_link_header(link, expected):
    from bot.papers.http import Answer

    assert Answer("http://a.org/x", 200, {"link": link}, b"").next == expected


def test_a_proxy_of_the_environment_is_used_for_others_and_not_for_loopback(site, settings, clock, monkeypatch):
    monkeypatch.setenv("http_proxy", site.url)
    monkeypatch.delenv("no_proxy", raising=False)
    site.on("http://papers.example/page", OK)
    site.on("/page", OK)
    fetcher = Fetcher(settings.home, [site.url], clock=clock, sleep=clock.sleep)
    assert fetcher.get("http://papers.example/page", TEXT).body == b"all is well"
    assert fetcher.get(f"{site.url}/page", TEXT).body == b"all is well"
    with pytest.raises(RefusedAddress):
        fetcher.get("http://10.0.0.1/page", TEXT)
    assert site.paths == ["http://papers.example/page", "/page"]

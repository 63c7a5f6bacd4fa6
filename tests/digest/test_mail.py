"""The summary by mail, through real SMTP servers on loopback."""

import email.policy
import logging
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from bot import limits
from bot.digest.mail.delivery import PERHAPS
from bot.settings import mail_addresses
from tests.conftest import FORESTS, WAVELETS, Run

logging.getLogger("mail").disabled = logging.getLogger("mail.log").disabled = True  # aiosmtpd's own words
FROM = "Papers Bot <papers@lab.example>"
PASSWORD = "pass-word-0123456789"


class Letters:
    """A mail server's handler: keeps what it takes, and says and does what a test wants at each step."""

    def __init__(self) -> None:
        self.taken: list[tuple[list[str], EmailMessage]] = []
        self.logins: list[str] = []
        self.encrypted: list[bool] = []
        self.rcpt: Callable[[str], str | None] = lambda address: None
        self.data: Callable[[], str | None] = lambda: None

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:
        if said := self.rcpt(address):
            return said
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:
        message = message_from_bytes(envelope.content, policy=email.policy.default)
        self.taken.append((envelope.rcpt_tos, message))
        self.encrypted.append(
            session.ssl is not None or isinstance(server.transport.get_extra_info("sslcontext"), ssl.SSLContext)
        )
        return self.data() or "250 taken"

    def log_in(self, server, session, envelope, mechanism, given: LoginPassword) -> AuthResult:
        self.logins.append(f"{given.login.decode()}:{given.password.decode()}")
        return AuthResult(success=given.password.decode() == PASSWORD, handled=False)

    @property
    def addresses(self) -> list[str]:
        return [address for addresses, _ in self.taken for address in addresses]


class Server(Controller):
    """A mail server at a port that the system chooses."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        socket.create_connection((self.hostname, self.port)).close()


@pytest.fixture
def letters() -> Letters:
    return Letters()


@pytest.fixture
def serve(letters: Letters) -> Iterator[Callable[..., str]]:
    """Starts a mail server; gives its host and port."""
    running: list[Server] = []

    def start(**options: object) -> str:
        made = Server(letters, hostname="127.0.0.1", port=0, **options)
        made.start()
        running.append(made)
        return f"127.0.0.1:{made.port}"

    yield start
    for made in running:
        made.stop()


@pytest.fixture
def mail(papers: Run, filled: Path, serve) -> Callable[..., object]:
    """Runs `papers daily --email …` with a plain server."""
    host = serve()
    return lambda *arguments, **more: papers(
        "daily", *arguments, **{"SMTP_URL": f"smtp://{host}", "MAIL_FROM": FROM, **more}
    )


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that nobody but itself vouches for, and its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs openssl, which is not here")
    folder = tmp_path_factory.mktemp("certificate")
    paths = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1", "-out", str(paths[0]), "-keyout", str(paths[1])],
        check=True, capture_output=True,
    )  # fmt: skip
    return paths


def context_of(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context


def test_a_message_has_a_plain_part_and_a_page_with_the_map(mail, letters: Letters) -> None:
    result = mail("--email", "ada@reader.example")
    assert (result.status, result.out, result.err) == (0, "mailed to ada@reader.example\n", "")
    [(_, message)] = letters.taken
    plain, page = message.get_body(("plain",)), message.get_body(("html",))
    for paper in (FORESTS, WAVELETS):
        assert paper.title in plain.get_content()
    assert "Papers of Tuesday, 5 August 2025" in page.get_content()
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png",
    ]  # fmt: skip
    picture = next(part for part in message.walk() if part.get_content_type() == "image/png")
    assert f'src="cid:{picture["Content-ID"].strip("<>")}"' in page.get_content()
    assert picture.get_content().startswith(b"\x89PNG")
    assert max(map(len, message.as_bytes(policy=email.policy.SMTP).split(b"\r\n"))) <= 998


def test_the_head_says_what_mail_programs_look_for(mail, letters: Letters) -> None:
    mail("--email", "ada@reader.example")
    [(_, message)] = letters.taken
    assert message["From"] == FROM
    assert message["Subject"] == "Papers of Tuesday, 5 August 2025"
    assert message["Message-ID"].endswith("@lab.example>")
    assert message["List-Unsubscribe"] == "<mailto:papers@lab.example?subject=unsubscribe>"
    assert parsedate_to_datetime(message["Date"]).tzinfo is not None


def test_each_address_gets_a_message_of_its_own_in_which_no_other_stands(mail, letters: Letters) -> None:
    addresses = ["ada@reader.example", "bob@reader.example", "cy@reader.example"]
    result = mail("--email", *addresses[:2], "2025-08-05", "--email", f"{addresses[2]},{addresses[0]}")
    assert result.status == 0
    assert letters.addresses == addresses
    for (address,), message in letters.taken:
        assert message["To"] == address
        assert not any(other in str(message) for other in addresses if other != address)
    assert len({m["Message-ID"] for _, m in letters.taken}) == 3


def test_p17_a_summary_is_mailed_once_for_each_address_day_and_topic(mail, letters: Letters) -> None:
    mail("--email", "ada@reader.example")
    again = mail("--email", "Ada@Reader.example", "bob@reader.example")
    assert again.status == 0
    assert again.out == "mailed to bob@reader.example\n"
    assert again.err == "note: Ada@Reader.example has had this summary before; it is mailed once\n"
    mail("2025-08-04", "--email", "ada@reader.example")
    mail("--email", "ada@reader.example", "--topic", "pruning random forests")
    assert letters.addresses == ["ada@reader.example", "bob@reader.example", *["ada@reader.example"] * 2]
    assert len({m["Message-ID"] for _, m in letters.taken}) == 4


def test_one_address_that_fails_stops_no_other(mail, letters: Letters) -> None:
    letters.rcpt = lambda address: "550 no such person" if address.startswith("bob") else None
    result = mail("--email", "bob@reader.example", "ada@reader.example")
    assert (result.status, result.out) == (1, "mailed to ada@reader.example\n")
    assert result.err == "papers: not mailed to bob@reader.example: the mail server said 550 no such person\n"
    letters.rcpt = lambda address: None
    assert mail("--email", "bob@reader.example", "ada@reader.example").out == "mailed to bob@reader.example\n"


@pytest.mark.parametrize("step", ["rcpt", "data"])
def test_p18_a_refusal_that_may_pass_is_tried_again_a_few_times(
    mail, letters: Letters, monkeypatch, step: str
) -> None:
    monkeypatch.setattr(limits, "MAIL_BACKOFF_SECONDS", 0.0)
    replies = ["451 later", "451 later", None]
    setattr(letters, step, lambda *_: replies.pop(0))
    assert mail("--email", "ada@reader.example").status == 0
    setattr(letters, step, lambda *_: "451 later")
    result = mail("2025-08-04", "--email", "ada@reader.example")
    assert (result.status, "said 451 later" in result.err) == (1, True)
    assert len(letters.taken) == (1 if step == "rcpt" else 3 + limits.MAIL_TRIES)


def test_p18_a_server_that_hangs_costs_its_time_and_no_more(papers: Run, filled: Path, monkeypatch) -> None:
    monkeypatch.setattr(limits, "MAIL_STEP_SECONDS", 0.2)
    monkeypatch.setattr(limits, "MAIL_BACKOFF_SECONDS", 0.0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"smtp://127.0.0.1:{silent.getsockname()[1]}"
        result = papers("daily", "--email", "ada@reader.example", SMTP_URL=url, MAIL_FROM=FROM)
    assert result.status == 1
    assert result.err == "papers: not mailed to ada@reader.example: the mail server does not answer\n"


def test_p18_a_server_that_talks_without_end_runs_into_the_deadline(papers: Run, filled: Path, monkeypatch) -> None:
    monkeypatch.setattr(limits, "MAIL_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as chatty:

        def chat() -> None:
            connection, _ = chatty.accept()
            with connection:
                try:
                    while True:
                        connection.sendall(b"220-welcome\r\n")
                        threading.Event().wait(0.05)
                except OSError:
                    return

        thread = threading.Thread(target=chat, daemon=True)
        thread.start()
        url = f"smtp://127.0.0.1:{chatty.getsockname()[1]}"
        result = papers("daily", "--email", "ada@reader.example", SMTP_URL=url, MAIL_FROM=FROM)
        thread.join(30)
    assert result.status == 1
    assert "not mailed to ada@reader.example: the mail server" in result.err


def test_a_server_that_is_gone_is_told(papers: Run, filled: Path, monkeypatch) -> None:
    monkeypatch.setattr(limits, "MAIL_BACKOFF_SECONDS", 0.0)
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"smtp://127.0.0.1:{closed.getsockname()[1]}"
    result = papers("daily", "--email", "ada@reader.example", SMTP_URL=url, MAIL_FROM=FROM)
    assert result.status == 1
    assert "the mail server cannot be reached (Connection refused)" in result.err


# Killed between


@pytest.mark.parametrize(("step", "again"), [("rcpt", 1), ("data", 0)])
def test_p17_a_mail_is_sent_once_though_the_process_dies_before_or_while_it_is(
    environment: dict[str, str], filled: Path, serve, letters: Letters, tmp_path: Path, step: str, again: int
) -> None:
    """Killed before the message is handed over it is sent at the next run; while it is, it may have gone out."""
    settings = {**environment, "SMTP_URL": f"smtp://{serve()}", "MAIL_FROM": FROM}
    command = [sys.executable, "-m", "bot", "daily", "--email", "ada@reader.example"]
    process = subprocess.Popen(
        command, env=settings, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )

    def kill(*_: object) -> None:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()

    setattr(letters, step, kill)
    assert process.wait(60) == -signal.SIGKILL
    taken = len(letters.taken)
    setattr(letters, step, lambda *_: None)
    done = subprocess.run(command, env=settings, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0
    assert len(letters.taken) == 1 == taken + again
    assert ("mailed to" in done.stdout) == bool(again)


def test_p17_two_processes_at_once_send_one_message(
    environment: dict[str, str], filled: Path, serve, letters: Letters, tmp_path: Path
) -> None:
    settings = {**environment, "SMTP_URL": f"smtp://{serve()}", "MAIL_FROM": FROM}
    command = [sys.executable, "-m", "bot", "daily", "--email", "ada@reader.example"]
    processes = [subprocess.Popen(command, env=settings, cwd=tmp_path, stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [process.wait(60) for process in processes] == [0, 0]
    assert letters.addresses == ["ada@reader.example"]


def test_p17_a_message_that_may_have_arrived_is_not_sent_again_and_said_so(
    mail, serve, letters: Letters, monkeypatch
) -> None:
    monkeypatch.setattr(limits, "MAIL_STEP_SECONDS", 0.5)

    def slow() -> None:
        threading.Event().wait(1.5)

    letters.data = slow
    result = mail("--email", "ada@reader.example")
    assert (result.status, PERHAPS in result.err) == (1, True)
    letters.data = lambda: None
    assert mail("--email", "ada@reader.example").status == 0
    assert len(letters.taken) == 1


# Secrets and encryption


def with_login(host: str, scheme: str = "smtp") -> str:
    return f"{scheme}://me%40lab:{PASSWORD}@{host}"


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_name_and_password_go_over_an_encrypted_connection(
    papers: Run, filled: Path, serve, letters: Letters, certificate, scheme: str
) -> None:
    context = context_of(certificate)
    options = {"ssl_context": context, "auth_require_tls": False} if scheme == "smtps" else {"tls_context": context}
    host = serve(authenticator=letters.log_in, auth_required=True, **options)
    settings = {"SMTP_URL": with_login(host, scheme), "MAIL_FROM": FROM, "SSL_CERT_FILE": str(certificate[0])}
    result = papers("daily", "--email", "ada@reader.example", PAPERS_LOG="debug", **settings)
    assert result.status == 0, result.err
    assert letters.logins == [f"me@lab:{PASSWORD}"]
    assert letters.encrypted == [True]
    assert PASSWORD not in result.out + result.err


def test_a_server_whose_certificate_nobody_vouches_for_gets_nothing(
    papers: Run, filled: Path, serve, letters, certificate
) -> None:
    host = serve(authenticator=letters.log_in, tls_context=context_of(certificate))
    result = papers("daily", "--email", "ada@reader.example", SMTP_URL=with_login(host), MAIL_FROM=FROM)
    assert (result.status, letters.logins, letters.taken) == (1, [], [])
    assert "the mail server's certificate is not trusted" in result.err


def test_p22_a_wrong_password_is_in_no_message(papers: Run, filled: Path, serve, letters: Letters) -> None:
    host = serve(authenticator=letters.log_in, auth_require_tls=False)
    url = f"smtp://me:wrong-{PASSWORD}@{host}"
    result = papers("daily", "--email", "ada@reader.example", SMTP_URL=url, MAIL_FROM=FROM, PAPERS_LOG="debug")
    assert (result.status, letters.taken) == (1, [])
    assert "the mail server refused name and password (535); check SMTP_URL" in result.err
    assert PASSWORD not in result.out + result.err


def test_p22_a_password_is_not_sent_to_another_machine_without_encryption(
    letters: Letters, serve, monkeypatch, papers: Run, filled: Path
) -> None:
    look_up = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *more, **options: look_up("127.0.0.1" if host == "mail.example" else host, *more, **options),
    )
    host = serve(authenticator=letters.log_in, auth_require_tls=False).replace("127.0.0.1", "mail.example")
    result = papers("daily", "--email", "ada@reader.example", SMTP_URL=with_login(host), MAIL_FROM=FROM)
    assert (result.status, letters.logins, letters.taken) == (1, [], [])
    assert "offers no encryption, and the password is not sent without" in result.err


# What is given


@pytest.mark.parametrize(
    "address",
    ["ada", "ada@", "@reader.example", "a b@reader.example", "ada@reader.example\nBcc: eve@evil.example", "ada@x\r\n",
     "ada@reader.example>", "Ada <ada@reader.example>", "ada@-x.example", "a" * 250 + "@x.example", " ", "\x00@x.example"],
)  # fmt: skip
def test_what_is_no_address_is_wrong_usage_and_nothing_is_sent(mail, letters: Letters, address: str) -> None:
    result = mail("--email", address, "--email", "bob@reader.example")
    assert letters.addresses == ([] if result.status else ["bob@reader.example"])
    assert result.status == (0 if not address.strip() else 2)
    assert "\nBcc" not in result.err


def test_text_of_papers_reaches_no_header(mail, letters: Letters) -> None:
    result = mail("--email", "ada@reader.example", "--topic", "pruning forests\r\nBcc: eve@evil.example")
    assert result.status == 0
    for _, message in letters.taken:
        assert message["Bcc"] is None
        assert message["Subject"].endswith("on “pruning forests Bcc: eve@evil.example”")


@pytest.mark.parametrize("missing", ["SMTP_URL", "MAIL_FROM"])
def test_a_missing_setting_is_named(mail, letters: Letters, missing: str) -> None:
    result = mail("--email", "ada@reader.example", **{missing: ""})
    assert result.status == 2
    assert result.err.startswith(f"papers: setting {missing} is missing")


@pytest.mark.parametrize(
    ("name", "value"),
    [("SMTP_URL", "http://me:hunter2@x"), ("SMTP_URL", "smtp://"), ("MAIL_FROM", "nobody"), ("MAIL_TO", "a@b.example, c")],
)  # fmt: skip
def test_a_wrong_setting_is_named_without_its_secret(mail, name: str, value: str) -> None:
    result = mail("--email", "ada@reader.example", **{name: value})
    assert result.status == 2
    assert name in result.err
    assert "hunter2" not in result.err


def test_a_day_without_papers_is_not_mailed(mail, letters: Letters) -> None:
    result = mail("2020-01-01", "--email", "ada@reader.example")
    assert (result.status, letters.taken) == (0, [])
    assert "no papers of 2020-01-01" in result.err


def test_a_mail_may_be_shown_besides(mail, letters: Letters, tmp_path: Path) -> None:
    result = mail("--email", "ada@reader.example", "--format", "markdown")
    assert result.out.startswith("# Papers of Tuesday")
    assert result.out.endswith("mailed to ada@reader.example\n")


def test_addresses_are_read_by_comma_and_each_once() -> None:
    assert mail_addresses("a@x.example, b@y.example ,A@X.example") == ("a@x.example", "b@y.example")
    assert mail_addresses("zoë@bücher.example") == ("zoë@bücher.example",)

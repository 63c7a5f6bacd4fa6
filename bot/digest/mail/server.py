"""The mail server that `SMTP_URL` names, over one connection: encrypted where it can be, each step in its time."""

import ipaddress
import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from bot import limits
from bot.papers.text import clean

_PORTS = {"smtp": 587, "smtps": 465}
_SAID_CHARS = 150


class Refused(Exception):
    """The server took nothing; the message says why. `passing` is whether another try may succeed."""

    def __init__(self, reason: str, *, passing: bool = False) -> None:
        super().__init__(reason)
        self.passing = passing


class Unknown(Exception):
    """The connection ended while a message was handed over: it may have been taken."""


class MailServer:
    """The server at `url`, such as `smtp://user:pass@host:587` or `smtps://host`; use as a context manager."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._secure = parts.scheme == "smtps"
        self._host = parts.hostname or ""
        self._port = parts.port or _PORTS[parts.scheme]
        self._login = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
        self._connection: smtplib.SMTP | None = None

    def __enter__(self) -> "MailServer":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Say goodbye, if there is a connection."""
        if self._connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._connection.quit()
            self._connection = None

    def offer(self, sender: str, address: str, deadline: float) -> None:
        """Ask the server, over a new connection where there is none, to take a message to `address`.

        `deadline` is in seconds of `time.monotonic`. Raises `Refused`.
        """
        with self._explained(deadline):
            if self._connection is None:
                self._connection = self._connected(deadline)
            connection = self._connection
            connection.rset()
            options = [] if f"{sender}{address}".isascii() else ["SMTPUTF8"]
            if options and not connection.has_extn("smtputf8"):
                raise Refused("the mail server takes no such letters in an address")
            for code, said in (connection.mail(sender, options), connection.rcpt(address)):
                if code not in (250, 251):
                    raise _refused(code, said)

    def hand_over(self, message: EmailMessage, deadline: float) -> None:
        """Give the server the message that it was offered. Raises `Refused`, and `Unknown` where it is not known."""
        assert self._connection is not None, "offered before"
        try:
            with self._in_time(self._connection, deadline):
                code, said = self._connection.data(message.as_bytes())
        except smtplib.SMTPDataError as error:  # it would not even begin
            raise _refused(error.smtp_code, error.smtp_error) from None
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise Unknown from error
        if code != 250:
            raise _refused(code, said)

    def _connected(self, deadline: float) -> smtplib.SMTP:
        if self._secure:
            context = ssl.create_default_context()
            connection: smtplib.SMTP = smtplib.SMTP_SSL(timeout=limits.MAIL_STEP_SECONDS, context=context)
        else:
            connection = smtplib.SMTP(timeout=limits.MAIL_STEP_SECONDS)
        try:
            # By this name the certificate is checked. The constructor, which takes it, would connect at once.
            connection._host = self._host  # type: ignore[attr-defined]
            with self._in_time(connection, deadline):
                code, said = connection.connect(self._host, self._port)
                if code != 220:
                    raise _refused(code, said)
                connection.ehlo_or_helo_if_needed()
                self._encrypt(connection)
                if self._login:
                    connection.login(*self._login)
        except BaseException:
            connection.close()
            raise
        return connection

    def _encrypt(self, connection: smtplib.SMTP) -> None:
        if self._secure:
            return
        if connection.has_extn("starttls"):
            code, said = connection.starttls(context=ssl.create_default_context())
            if code != 220:
                raise _refused(code, said)
            connection.ehlo()
        elif self._login and not _is_this_machine(self._host):
            raise Refused("the mail server offers no encryption, and the password is not sent without; try smtps://")

    @contextmanager
    def _explained(self, deadline: float) -> Iterator[None]:
        """Failures in a reader's words; whatever ended the connection, the next try begins with a new one."""
        if time.monotonic() >= deadline:
            raise Refused("there was no time left")
        try:
            if self._connection is None:
                yield
            else:
                with self._in_time(self._connection, deadline):
                    yield
        except smtplib.SMTPAuthenticationError as error:  # its words may hold what was sent
            self._drop()
            raise Refused(f"the mail server refused name and password ({error.smtp_code}); check SMTP_URL") from None
        except smtplib.SMTPNotSupportedError:
            self._drop()
            raise Refused("the mail server takes no password; leave it out of SMTP_URL") from None
        except smtplib.SMTPResponseException as error:
            self._drop()
            raise _refused(error.smtp_code, error.smtp_error) from None
        except ssl.SSLCertVerificationError as error:
            self._drop()
            raise Refused(f"the mail server's certificate is not trusted: {error.verify_message}") from None
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
                raise Refused("the mail server does not answer", passing=True) from None
            reason = getattr(error, "strerror", None) or "the connection broke off"
            raise Refused(f"the mail server cannot be reached ({reason})", passing=True) from None

    @contextmanager
    def _in_time(self, connection: smtplib.SMTP, deadline: float) -> Iterator[None]:
        """End the connection at the deadline, also if the server keeps talking."""

        def end() -> None:
            if held := connection.sock:
                with suppress(OSError):
                    held.shutdown(socket.SHUT_RDWR)

        timer = threading.Timer(max(0.01, deadline - time.monotonic()), end)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _refused(code: int, said: bytes | str) -> Refused:
    words = clean(said.decode("utf-8", "replace") if isinstance(said, bytes) else said)[:_SAID_CHARS]
    return Refused(f"the mail server said {code} {words}".rstrip(), passing=400 <= code < 500)


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

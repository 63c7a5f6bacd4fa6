"""Sockets under the client: no connection to a private address, no wait beyond the deadline.

Both are kept here, below HTTP, because only here they are sure: the address that was checked is the one that
is connected to, whatever the name server says a moment later, and a server that sends a byte a second never
runs into a time-out for silence. Behind a proxy (`HTTPS_PROXY`) the proxy finds the address; then only what
this machine can resolve is checked.
"""

import ipaddress
import re
import socket
import threading
import time
from collections.abc import Collection, Iterable, Iterator
from ssl import SSLContext
from typing import Any
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx

from bot.errors import PapersError

Origin = tuple[str, int]
"""Host in lower case and port."""

_ADDRESSES = 4  # of one name that are tried


class RefusedAddress(PapersError):
    """A name that leads to this machine or its network, where nothing outside may send us."""


def origin(url: str) -> Origin:
    """The host and port of `url`. Raises ValueError where it has none."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not re.fullmatch(r"[\w.:%-]+", host):
        raise ValueError(f"{url!r} is no http(s) address")
    return host, parts.port or (443 if parts.scheme == "https" else 80)


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet, also through the IPv4 address inside an IPv6 one."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inside = ip.ipv4_mapped or ip.sixtofour
        if ip in ipaddress.ip_network("64:ff9b::/96"):
            inside = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inside:
            return is_public(str(inside))
    return ip.is_global and not ip.is_multicast


def transport(url: str, own: Collection[Origin], deadline: float) -> httpx.BaseTransport:
    """The way to `url`, straight or by the environment's proxy.

    `own` may be at private addresses; `deadline` is in seconds of `time.monotonic`.
    """
    host, port = origin(url)
    ssl = httpx.create_ssl_context() if url.startswith("https:") else None
    proxy = _proxy(url, host)
    if proxy is None:
        return _Transport(httpcore.ConnectionPool(ssl, network_backend=_Network(set(own), deadline)))
    if (host, port) not in own:
        _refuse_private(host, port, deadline)
    parts = urlsplit(proxy)
    login = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    bare = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    return _Transport(
        httpcore.HTTPProxy(
            bare, proxy_auth=login, ssl_context=ssl, network_backend=_Network({origin(bare)}, deadline)
        )
    )


def _proxy(url: str, host: str) -> str | None:
    proxies = getproxies()
    proxy = proxies.get(urlsplit(url).scheme) or proxies.get("all")
    if not proxy or host == "localhost" or host.startswith("127.") or host == "::1" or proxy_bypass(host):
        return None
    proxy = proxy if "://" in proxy else f"http://{proxy}"
    return proxy if proxy.startswith(("http://", "https://")) else None


def _refuse_private(host: str, port: int, deadline: float) -> None:
    try:
        found = _resolve(host, port, deadline)
    except httpcore.ConnectError:
        return  # only the proxy knows the name
    if not all(is_public(address) for address in found):
        raise RefusedAddress(f"{host} is at a private address, which is not fetched")


def _resolve(host: str, port: int, deadline: float) -> list[str]:
    """The addresses of `host`, in the order of preference. The system's resolver cannot be hurried, only left."""
    found: list[str] = []
    problem: list[OSError | UnicodeError] = []

    def look_up() -> None:
        try:
            found.extend(str(a[4][0]) for a in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            problem.append(error)

    thread = threading.Thread(target=look_up, daemon=True)
    thread.start()
    thread.join(_left(deadline))
    if problem:
        raise httpcore.ConnectError(getattr(problem[0], "strerror", None) or "no such host")
    if not found:
        raise httpcore.ConnectTimeout("the name server does not answer")
    return list(dict.fromkeys(found))


def _left(deadline: float, timeout: float | None = None) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("no time left")
    return left if timeout is None else min(left, timeout)


class _Network(httpcore.NetworkBackend):
    def __init__(self, own: set[Origin], deadline: float) -> None:
        self._own = own
        self._deadline = deadline
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = _resolve(host, port, self._deadline)
        if (host.lower(), port) not in self._own:
            addresses = [address for address in addresses if is_public(address)]
            if not addresses:
                raise RefusedAddress(f"{host} is at a private address, which is not fetched")
        tried = addresses[:_ADDRESSES]
        for n, address in enumerate(tried, 1):
            try:
                stream = self._sockets.connect_tcp(
                    address, port, _left(self._deadline, timeout), local_address, socket_options
                )
                return _Stream(stream, self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if n == len(tried):
                    raise
        raise httpcore.ConnectError("no address")

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._deadline, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._deadline, timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, _left(self._deadline, timeout))
        return _Stream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Transport(httpx.BaseTransport):
    """An httpcore pool as httpx's transport; its errors are httpcore's."""

    def __init__(self, pool: httpcore.ConnectionPool) -> None:
        self._pool = pool

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        answer = self._pool.handle_request(
            httpcore.Request(
                request.method,
                httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                extensions=request.extensions,
            )
        )
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer))

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        return self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()

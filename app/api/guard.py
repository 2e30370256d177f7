"""What is refused before anybody is asked who they are.

Who may speak to a service that has no key yet: this machine, and no web page of another origin.

Without keys the only credential is the connection itself, which every page in the user's browser could use. Hence
three conditions: the caller is on this machine; `Host` names this machine (a page that rebinds its own name to
127.0.0.1 sends its own name); and no other origin speaks (`Origin`, `Sec-Fetch-Site`). As soon as a key exists the
key is the credential, which no foreign page has, and this guard stands aside.

A key in an address is refused whether it is valid or not: addresses stand in histories, in `Referer` and in the logs of
every proxy.
"""

import ipaddress
from urllib.parse import unquote_plus, urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app.access.keys import KEY_CHARS, holds_key
from app.api.problems import answer
from app.errors import Forbidden, ShelftalkerError, Unauthenticated

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OWN_SITE = frozenset({"same-origin", "none"})
# A liveness probe says nothing but that the process runs, and must not ask the database whether it may.
OPEN_PATHS = frozenset({"/healthz"})
WAY_OUT = (
    "create a key with `shelftalker keys create --role admin --name YOU`, then send it as a bearer token"
)

KEY_IN_ADDRESS = (
    "a key stands in the address, where histories and logs keep it: send it as `Authorization: Bearer KEY`, "
    "and replace this one (`shelftalker keys rotate`)"
)


class KeylessGuard:
    """Refuses what a service without keys must not answer. Asks for keys only when something looks foreign."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or scope["path"] in OPEN_PATHS:
            await self.app(scope, receive, send)
            return
        client = (scope.get("client") or ("", 0))[0]
        why = refusal(scope["method"], client, Headers(scope=scope), _in_process_host(scope))
        if why is not None:
            try:
                locked = await scope["app"].state.services.access.any_keys()
            except ShelftalkerError as error:
                await answer(Request(scope), error)(scope, receive, send)
                return
            if not locked:
                await answer(Request(scope), Forbidden(why))(scope, receive, send)
                return
        await self.app(scope, receive, send)


class NoKeyInAddress:
    """Refuses requests with a key in their path or query, and says so without repeating it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "http":
            query = scope["query_string"]
            if (len(query) >= KEY_CHARS and holds_key(unquote_plus(query.decode("latin-1")))) or (
                len(scope["path"]) >= KEY_CHARS and holds_key(unquote_plus(scope["path"]))
            ):
                await answer(Request(scope), Unauthenticated(KEY_IN_ADDRESS))(scope, receive, send)
                return
        await self.app(scope, receive, send)


def _in_process_host(scope: Scope) -> str | None:
    """The host name of a test client that calls the application as a function, with no network between.

    Such a client has names where a server has the addresses of its sockets, whatever a header says.
    """
    client, server = (scope.get(end) or ("", 0) for end in ("client", "server"))
    is_named = client[0] and server[0] and not (_is_address(client[0]) or _is_address(server[0]))
    return str(server[0]) if is_named else None


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def refusal(method: str, client: str, headers: Headers, in_process: str | None = None) -> str | None:
    """Why a keyless service refuses this request, or None. `in_process`: the host of a client without a network."""
    if in_process is None and not is_loopback(client):
        return f"no key exists yet, so only this machine is served; {WAY_OUT}"
    host = headers.get("host", "")
    if not is_loopback(_host_name(host)) and _host_name(host) != in_process:
        return (
            f"no key exists yet, so only requests to localhost are served, not to {host[:100]!r}; {WAY_OUT}"
        )
    origin = headers.get("origin")
    if origin is not None and origin.lower().partition("://")[2] != host.lower():
        return f"no key exists yet, so web pages of another origin ({origin[:100]!r}) are refused; {WAY_OUT}"
    site = headers.get("sec-fetch-site", "none").lower()
    if method not in SAFE_METHODS and site not in OWN_SITE:
        return f"no key exists yet, so requests that another web page sends are refused; {WAY_OUT}"
    return None


def is_loopback(name: str) -> bool:
    """Whether a host name or address is this machine's own: `localhost`, 127.0.0.0/8, ::1."""
    name = name.strip("[]").lower()
    if name == "localhost":
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped.is_loopback
    return address.is_loopback


def _host_name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""

"""Origins of web pages, as browsers send them: `https://shop.example`, `http://localhost:3000`."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from app.errors import Invalid, Problem

MAX_ORIGINS = 50
_DEFAULT_PORTS = {"http": 80, "https": 443}


def check_origins(given: Iterable[str]) -> tuple[str, ...]:
    """The origins as browsers write them, each once. Raises Invalid, naming each that is none.

    There is no wildcard: a key that any page may use protects nobody, and `null` is the origin of any sandboxed page.
    """
    origins = tuple(dict.fromkeys(given))
    if len(origins) > MAX_ORIGINS:
        raise Invalid(f"origins: {MAX_ORIGINS} at most", pointer="/origins")
    wrong = [
        Problem(f"/origins/{place}", f"{origin[:200]!r} is no origin; one is like https://shop.example")
        for place, origin in enumerate(origins)
        if _serialised(origin) is None
    ]
    if wrong:
        raise Invalid(f"origins: {wrong[0].detail}", problems=wrong)
    return tuple(dict.fromkeys(found for origin in origins if (found := _serialised(origin))))


def _serialised(origin: str) -> str | None:
    """As https://html.spec.whatwg.org/#ascii-serialisation-of-an-origin has it: lower case, no default port."""
    try:
        parts = urlsplit(origin.strip().removesuffix("/"))
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode() if parts.hostname else ""
    except (ValueError, UnicodeError):
        return None
    bare = not (parts.path or parts.query or parts.fragment or parts.username is not None)
    if parts.scheme not in _DEFAULT_PORTS or not host or not bare or set(host) & set("*\\ \"'<>^`{|}%"):
        return None
    name = f"[{host}]" if ":" in host else host.lower()
    return f"{parts.scheme}://{name}" + (
        f":{port}" if port not in (None, _DEFAULT_PORTS[parts.scheme]) else ""
    )

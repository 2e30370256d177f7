"""`shelftalker serve`: the API on an address, and no address but this machine's before there is a key."""

import asyncio
import socket
import sys
import threading

import uvicorn

from app.api.guard import is_loopback
from app.api.outcomes import DONE, UNREACHABLE
from app.cli.session import load_settings, with_services
from app.copywriting.copy import Brief, Subject
from app.copywriting.writers import TemplateWriter
from app.errors import Forbidden, Invalid, Unavailable
from app.main import create_app
from app.services import Services
from app.settings import Settings
from app.telemetry import configure_logging
from evaluators import check_grounding
from retrieval.facts import Fact

KEYLESS = (
    "no key exists yet: this machine alone is served, without one. "
    "To serve others: shelftalker keys create --role admin --name YOU"
)
SHUTDOWN_S = 10  # what running requests get to finish


def serve(host: str, port: int) -> int:
    """Serve until told to stop. Raises Forbidden (no key, foreign address), Invalid (address), Unavailable."""
    settings = load_settings()
    keyless = not _has_key(settings)
    if keyless and not is_loopback(host):
        raise Forbidden(
            f"refusing to listen on {host}: no key exists yet, and anybody there could use the service; "
            "first: shelftalker keys create --role admin --name YOU"
        )
    listener = _listen(host, port)
    address = f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}"
    print(f"Shelftalker serves on {address} (reference: {address}/docs)", file=sys.stderr, flush=True)
    if keyless:
        print(KEYLESS, file=sys.stderr, flush=True)
    configure_logging(settings.log_format)
    config = uvicorn.Config(
        create_app(settings),
        log_config=None,
        access_log=False,  # the middleware writes one line per request, with its id
        server_header=False,
        timeout_graceful_shutdown=SHUTDOWN_S,
    )
    threading.Thread(target=_warm_up, daemon=True).start()
    server = uvicorn.Server(config)
    server.run(sockets=[listener])
    return DONE if server.started else UNREACHABLE


def _warm_up() -> None:
    """Write and judge a text that nobody sees: the first one loads grammars and lexicons, for a second or two.

    Beside the server, so that neither the start nor the first caller waits for it.
    """
    facts = (
        Fact("F1", "type", "mug", "Type: mug", "type"),
        Fact("F2", "height", "9.5", "Height: 9.5 cm", "attribute:height", unit="cm"),
    )
    brief = Brief(Subject("WARM-UP", "Blue Mug"), facts)
    draft = asyncio.run(TemplateWriter().write(brief))
    for sentence in draft.sentences:
        check_grounding(sentence.text, facts)


def _has_key(settings: Settings) -> bool:
    """Asks the database, which also tells now, in one line, whether it can be reached at all."""
    found: list[bool] = []

    async def work(services: Services) -> int:
        found.append(await services.access.any_keys())
        return DONE

    with_services(work, settings)
    return found[0]


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except socket.gaierror:
        raise Invalid(f"{host}: not an address of this machine") from None
    except OSError as error:
        raise Unavailable(
            f"cannot listen on {host}, port {port}: {error.strerror}", dependency="network"
        ) from None

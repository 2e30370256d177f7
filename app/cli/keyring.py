"""`shelftalker keys …`."""

import getpass
import re
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from rich.table import Table
from rich.text import Text

from app.access.service import CreatedKey, KeyTerms
from app.api.models.system import KeyOut, KeyPage, NewKey
from app.api.outcomes import DONE
from app.cli import output
from app.cli.session import with_services
from app.errors import Invalid
from app.services import Services

_DURATION = re.compile(r"(\d{1,9})([smhd]?)")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def _user() -> str:
    """Who is logged in; "admin of this machine" where the system does not know."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "admin of this machine"


@dataclass(frozen=True, slots=True)
class Terms:
    """The options of `keys create`: `expires` in words ("90d", "2027-01-31"), None for never."""

    expires: str | None
    origins: tuple[str, ...]
    per_minute: int | None


def create(role: str, name: str, terms: Terms, *, as_json: bool) -> int:
    """Create a key and show it, this once. Raises Invalid for an unknown role and terms that cannot be."""

    async def work(services: Services) -> int:
        ends = None if terms.expires is None else moment(terms.expires, datetime.now(UTC))
        wanted = KeyTerms(ends, terms.origins, terms.per_minute)
        return _show_once(await services.access.create_key(role, name or _user(), wanted), as_json=as_json)

    return with_services(work)


def rotate(key_id: str, overlap: str, *, as_json: bool) -> int:
    """Give a key's holder a new one, and let the old one end. Raises NotFound, Conflict, Invalid."""

    async def work(services: Services) -> int:
        seconds = duration(overlap).total_seconds()
        return _show_once(await services.access.rotate(key_id, overlap_s=seconds), as_json=as_json)

    return with_services(work)


def _show_once(key: CreatedKey, *, as_json: bool) -> int:
    created = NewKey.model_validate(key)
    if as_json:
        output.document(created)
        return DONE
    print(created.key)
    until = f", valid until {created.expires_at:%Y-%m-%d %H:%M} UTC" if created.expires_at else ""
    note = f"Key {created.id} of {created.name} ({created.role}){until}. It is not shown again; send it as: Authorization: Bearer KEY"
    print(output.plain(note), file=sys.stderr)
    return DONE


def duration(words: str) -> timedelta:
    """A time in words: "90d", "12h", "30m", "45s", "0". Raises Invalid."""
    found = _DURATION.fullmatch(words.strip())
    if found is None:
        raise Invalid(f"{words[:50]!r}: a time is like 90d, 12h, 30m or 45s")
    return timedelta(seconds=int(found[1]) * _SECONDS[found[2] or "s"])


def moment(words: str, now: datetime) -> datetime:
    """A duration from now, or a day or time of RFC 3339; without a zone it is UTC. Raises Invalid."""
    if _DURATION.fullmatch(words.strip()):
        return now + duration(words)
    try:
        at = datetime.fromisoformat(words.strip())
    except ValueError:
        raise Invalid(f"{words[:50]!r}: a time is like 90d, 2027-01-31 or 2027-01-31T12:00:00Z") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def list_keys(*, as_json: bool) -> int:
    """Print all keys, revoked ones too."""

    async def work(services: Services) -> int:
        keys = [KeyOut.model_validate(key) for key in await services.access.list_keys()]
        if as_json:
            output.document(KeyPage(items=keys))
            return DONE
        console = output.console()
        if not keys:
            console.print(
                "No key yet: the API serves this machine alone. shelftalker keys create --role admin --name YOU"
            )
            return DONE
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for column in ("ID", "Role", "Name", "Created", "Expires", "Revoked"):
            table.add_column(column)
        for key in keys:
            times = [
                f"{at:%Y-%m-%d %H:%M}" if at else ""
                for at in (key.created_at, key.expires_at, key.revoked_at)
            ]
            row = (key.id, key.role, key.name, *times)
            table.add_row(*(Text(output.plain(cell)) for cell in row))
        console.print(table)
        return DONE

    return with_services(work)


def revoke(key_id: str, *, as_json: bool) -> int:
    """Revoke a key. Raises NotFound."""

    async def work(services: Services) -> int:
        await services.access.revoke(key_id)
        if as_json:
            output.document({"id": key_id, "revoked": True})
        else:
            print(f"{key_id}: revoked")
        return DONE

    return with_services(work)

"""`shelftalker keys …`."""

import getpass
import sys

from rich.table import Table
from rich.text import Text

from app.api.models.system import KeyOut, KeyPage, NewKey
from app.api.outcomes import DONE
from app.cli import output
from app.cli.session import with_services
from app.services import Services


def _user() -> str:
    """Who is logged in; "admin of this machine" where the system does not know."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "admin of this machine"


def create(role: str, name: str, *, as_json: bool) -> int:
    """Create a key and show it, this once. Raises Invalid for an unknown role."""

    async def work(services: Services) -> int:
        created = NewKey.model_validate(await services.access.create_key(role, name or _user()))
        if as_json:
            output.document(created)
            return DONE
        print(created.key)
        note = f"Key {created.id} of {created.name} ({created.role}). It is not shown again; send it as: Authorization: Bearer KEY"
        print(output.plain(note), file=sys.stderr)
        return DONE

    return with_services(work)


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
        for column in ("ID", "Role", "Name", "Created", "Revoked"):
            table.add_column(column)
        for key in keys:
            revoked = f"{key.revoked_at:%Y-%m-%d %H:%M}" if key.revoked_at else ""
            row = (key.id, key.role, key.name, f"{key.created_at:%Y-%m-%d %H:%M}", revoked)
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

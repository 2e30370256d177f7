"""`shelftalker db …`."""

import asyncio

from app.api.outcomes import DONE
from app.cli import output
from app.cli.run import load_settings
from app.storage.database import Database


def upgrade(*, as_json: bool) -> int:
    """Bring the database to this version's shape. Raises Unavailable."""
    settings = load_settings()

    async def work() -> None:
        async with Database.open(settings) as database:
            await database.upgrade()

    asyncio.run(work())
    if as_json:
        output.document({"upgraded": True})
    else:
        print("The database is up to date.")
    return DONE

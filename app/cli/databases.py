"""`shelftalker db …`."""

import asyncio

from app.api.outcomes import DONE
from app.cli import output
from app.cli.session import load_settings
from app.storage.database import Database


def upgrade(*, as_json: bool) -> int:
    """Bring the database to this version's shape. Raises Unavailable."""
    settings = load_settings()
    versions: list[str] = []

    async def work() -> None:
        database = Database(settings.database_url)
        try:
            versions.append(await database.upgrade())
        finally:
            await database.close()

    asyncio.run(work())
    if as_json:
        output.document({"schema": versions[0]})
    else:
        print(f"The database is up to date (schema {versions[0]}).")
    return DONE

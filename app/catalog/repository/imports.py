"""The record of imports."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.catalog.feeds import Rejected
from app.catalog.imports import Counts, ImportReport
from app.catalog.text import without_nul
from app.storage.tables import imports


class ImportRepository:
    """The record of imports, within one session."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(
        self,
        report: ImportReport,
        *,
        file_hash: str,
        layout: str,
        dialect: Mapping[str, str],
        header: Sequence[str],
    ) -> None:
        """Record an import."""
        await self._session.execute(
            insert(imports).values(
                id=report.id,
                format=report.format,
                mode=report.mode,
                filename=without_nul(report.filename),
                file_hash=file_hash,
                layout=layout,
                dialect=dict(dialect),
                header=list(header),
                actor=report.actor,
                created_at=report.created_at,
                **_outcome(report),
            )
        )

    async def running(self) -> Mapping[str, str]:
        """Id → file hash of the imports that have not said how they ended."""
        found = await self._session.execute(
            select(imports.c.id, imports.c.file_hash).where(imports.c.status == "running")
        )
        return {row.id: row.file_hash for row in found}

    async def interrupted(self, import_id: str, detail: str) -> None:
        """Store that the process of an import ended before it did."""
        await self._session.execute(
            update(imports)
            .where(imports.c.id == import_id)
            .values(status="interrupted", detail=without_nul(detail))
        )

    async def update(self, report: ImportReport, finished_at: datetime | None) -> None:
        """Store how an import stands."""
        await self._session.execute(
            update(imports)
            .where(imports.c.id == report.id)
            .values(finished_at=finished_at, **_outcome(report))
        )

    async def get(self, import_id: str) -> ImportReport | None:
        """A recorded import; None where there is none of that id."""
        row = (await self._session.execute(select(imports).where(imports.c.id == import_id))).one_or_none()
        return None if row is None else _report(row)

    async def page(self, limit: int, before: str | None) -> Sequence[ImportReport]:
        """Imports, newest first, older than `before`."""
        statement = select(imports).order_by(imports.c.id.desc()).limit(limit)
        if before is not None:
            statement = statement.where(imports.c.id < before)
        return [_report(row) for row in await self._session.execute(statement)]


def _outcome(report: ImportReport) -> dict[str, Any]:
    return {
        "status": report.status,
        "report": {**asdict(report.counts), "duration_ms": report.duration_ms},
        "rejected": [[row.line, row.sku, row.detail, row.kept] for row in report.rejected],
        "detail": None if report.detail is None else without_nul(report.detail),
    }


def _report(row: Row[Any]) -> ImportReport:
    numbers = dict(row.report)
    duration_ms = numbers.pop("duration_ms")
    return ImportReport(
        id=row.id,
        status=row.status,
        format=row.format,
        mode=row.mode,
        filename=row.filename,
        actor=row.actor,
        counts=Counts(**numbers),
        rejected=tuple(Rejected(*entry) for entry in row.rejected),
        created_at=row.created_at,
        duration_ms=duration_ms,
        detail=row.detail,
    )

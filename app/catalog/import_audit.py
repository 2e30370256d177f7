"""What the audit keeps of an import: that it began, and how it ended. Two entries, so that a killed one shows too."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.catalog.imports import ImportReport
from app.storage import audit

_COUNTED = ("created", "updated", "unchanged", "discontinued", "facts_changed", "copy_stale")


async def record_begin(session: AsyncSession, report: ImportReport, at: datetime) -> None:
    """Before the first batch is written."""
    begun = {"filename": report.filename, "format": report.format, "mode": report.mode}
    await audit.record(session, report.actor, "import.begin", _subject(report), at=at, after=begun)


async def record_end(session: AsyncSession, report: ImportReport, at: datetime) -> None:
    """After the last one: `import.done`, or `held`, `failed`, `interrupted`."""
    told = {"detail": report.detail, **{name: getattr(report, name) for name in _COUNTED}}
    await audit.record(session, report.actor, f"import.{report.status}", _subject(report), at=at, after=told)


def _subject(report: ImportReport) -> str:
    return f"import:{report.id}"

"""The only SQL of voices and brand rules."""

import functools
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row, Select, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.copywriting.voices.values import BrandRule, Voice, VoiceSettings, resolved
from app.storage.tables import brand_rules, voices

_RULE = (
    brand_rules.c.id,
    brand_rules.c.phrase,
    brand_rules.c.replacement,
    brand_rules.c.reason,
    brand_rules.c.actor,
    brand_rules.c.created_at,
    brand_rules.c.removed_at,
    brand_rules.c.removed_by,
)


class VoiceRepository:
    """Voices and brand rules within one session; the caller holds the transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def voices(self) -> Sequence[Voice]:
        """The shop's own voices by name, retired ones too."""
        found = await self._session.execute(select(voices).order_by(voices.c.name))
        return [_voice(row) for row in found]

    async def voice(self, name: str) -> Voice | None:
        """One of the shop's own voices, retired or not."""
        row = (await self._session.execute(select(voices).where(voices.c.name == name))).one_or_none()
        return None if row is None else _voice(row)

    async def put(self, voice: Voice) -> None:
        """Store a voice, new or changed."""
        row = {
            "version": voice.version,
            "data": asdict(voice.settings) if voice.settings else {},
            "created_by": voice.created_by,
            "created_at": voice.created_at,
            "updated_at": voice.updated_at,
            "retired_at": None,
        }
        changed = await self._session.execute(
            update(voices).where(voices.c.name == voice.name).values(**row).returning(voices.c.name)
        )
        if changed.first() is None:
            await self._session.execute(insert(voices).values(name=voice.name, **row))

    async def retire(self, name: str, now: datetime) -> None:
        """A voice can no longer be asked for."""
        await self._session.execute(update(voices).where(voices.c.name == name).values(retired_at=now))

    async def rules(self) -> Sequence[BrandRule]:
        """The brand rules that hold, oldest first."""
        return await self._rules(_listed().where(brand_rules.c.removed_at.is_(None)))

    async def rule_for(self, phrase: str) -> BrandRule | None:
        """The rule that holds for this phrase, however it is capitalised."""
        where = (brand_rules.c.removed_at.is_(None), func.lower(brand_rules.c.phrase) == phrase.lower())
        return next(iter(await self._rules(_listed().where(*where))), None)

    async def rule(self, rule_id: str) -> BrandRule | None:
        """A rule by its id, removed or not."""
        return next(iter(await self._rules(_listed().where(brand_rules.c.id == rule_id))), None)

    async def page(self, limit: int, after: str | None, *, removed: bool) -> Sequence[BrandRule]:
        """Rules by age from after an id on; with `removed` those too that no longer hold."""
        query = _listed().limit(limit)
        if not removed:
            query = query.where(brand_rules.c.removed_at.is_(None))
        return await self._rules(query if after is None else query.where(brand_rules.c.id > after))

    async def add(self, rule: BrandRule) -> None:
        """Store a new rule."""
        await self._session.execute(insert(brand_rules).values(**asdict(rule)))

    async def remove(self, rule_id: str, actor: str, now: datetime) -> None:
        """A rule no longer holds."""
        await self._session.execute(
            update(brand_rules).where(brand_rules.c.id == rule_id).values(removed_at=now, removed_by=actor)
        )

    async def _rules(self, query: Select[Any]) -> Sequence[BrandRule]:
        return [BrandRule(*row) for row in await self._session.execute(query)]


def _listed() -> Select[Any]:
    return select(*_RULE).order_by(brand_rules.c.id)


@functools.cache
def _settings() -> TypeAdapter[VoiceSettings]:
    return TypeAdapter(VoiceSettings)


def _voice(row: Row[Any]) -> Voice:
    settings = _settings().validate_python(row.data)
    return Voice(
        name=row.name,
        base=settings.extends,
        description=settings.description,
        rules=resolved(settings),
        settings=settings,
        version=row.version,
        created_by=row.created_by,
        created_at=row.created_at,
        updated_at=row.updated_at,
        retired=row.retired_at is not None,
    )

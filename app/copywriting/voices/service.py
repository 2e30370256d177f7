"""The voices' use cases: list, put, delete; the book that every check and writer works by; learning from samples."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime

from app.catalog.service import CatalogService
from app.copywriting.voices.brand import EPOCH, BrandRules
from app.copywriting.voices.learning import Learnt, NewSample, catalog_reference, learn, read_samples
from app.copywriting.voices.repository import VoiceRepository
from app.copywriting.voices.validation import check_voice
from app.copywriting.voices.values import (
    BrandRule,
    Voice,
    VoiceBook,
    VoiceSettings,
    book_of,
    resolved,
    shipped_voices,
)
from app.errors import Conflict, NotFound, StaleVersion
from app.storage import audit, epochs
from app.storage.database import Database
from app.storage.pages import Page, checked_limit, decode_cursor, page_of

FRESH_S = 1.0
"""How old what this process remembers may be before it asks whether something changed: half of what is promised."""


class VoiceService:
    """The voices of one shop. What this process changes it knows at once; what others change, within `FRESH_S`.

    `catalog`: the texts that samples are compared with.
    """

    def __init__(
        self,
        database: Database,
        catalog: CatalogService | None = None,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._catalog = catalog
        self._clock = clock
        self._monotonic = monotonic
        self.brand = BrandRules(database.dialect, clock=clock)
        self._book = book_of(epoch=-1)
        self._looked_at = float("-inf")
        self._looking = asyncio.Lock()

    # -- the book ----------------------------------------------------------------------------------------------

    async def book(self) -> VoiceBook:
        """Every voice and brand rule."""
        if self._monotonic() - self._looked_at < FRESH_S:
            return self._book
        async with self._looking:
            if self._monotonic() - self._looked_at >= FRESH_S:
                await self._look()
        return self._book

    async def _look(self) -> None:
        begun = self._monotonic()
        async with self._database.session() as session:
            epoch = (await epochs.current(session)).get(EPOCH, 0)
            if epoch != self._book.epoch:
                repository = VoiceRepository(session)
                own = tuple(await repository.voices())
                self._book = book_of(own, tuple(await repository.rules()), epoch)
        self._looked_at = begun

    def look_again(self) -> None:
        """A rule was added in somebody's transaction, which is committed now."""
        self._looked_at = float("-inf")

    # -- voices ------------------------------------------------------------------------------------------------

    async def list(self) -> Sequence[Voice]:
        """The voices that can be asked for, shipped ones first."""
        return [voice for voice in (await self.book()).voices.values() if not voice.retired]

    async def get(self, name: str) -> Voice:
        """A voice. Raises NotFound, naming the known ones."""
        book = await self.book()
        voice = book.find(name)
        if voice is None:
            raise NotFound(f"there is no voice {name!r}; there are: {', '.join(book.names)}")
        return voice

    async def put(
        self, name: str, settings: VoiceSettings, actor: str, *, expected_version: int | None = None
    ) -> Voice:
        """Make or change a voice of the shop's own. Putting the same again changes nothing.

        Raises Invalid (a shipped name, a wrong member), StaleVersion where it is not at `expected_version`.
        """
        # The dictionary of inflections takes its time to load.
        await asyncio.to_thread(check_voice, name, settings)
        now = self._clock()
        async with self._database.transaction() as session:
            await self._database.dialect.lock(session, EPOCH)
            repository = VoiceRepository(session)
            before = await repository.voice(name)
            current = before.version if before and not before.retired else 0
            if expected_version is not None and expected_version != current:
                raise StaleVersion(
                    f"{name} is at version {current}, not {expected_version}"
                    if current
                    else f"there is no voice {name!r} any more"
                )
            brand = tuple(rule.word_rule for rule in await repository.rules())
            if before and current and before.settings == settings:
                return replace(before, rules=replace(before.rules, brand=brand))
            voice = Voice(
                name=name,
                base=settings.extends,
                description=settings.description,
                rules=resolved(settings),
                settings=settings,
                version=before.version + 1 if before else 1,
                created_by=before.created_by if current and before else actor,
                created_at=before.created_at if current and before else now,
                updated_at=now,
            )
            await repository.put(voice)
            await epochs.advance(session, self._database.dialect, EPOCH)
            await audit.record(
                session,
                actor,
                "voice.put",
                f"voice:{name}",
                at=now,
                before=_shown(before) if current else None,
                after=_shown(voice),
            )
        self.look_again()
        return replace(voice, rules=replace(voice.rules, brand=brand))

    async def delete(self, name: str, actor: str) -> None:
        """A voice can no longer be asked for; texts written in it are still judged by it. Raises NotFound, Conflict (shipped)."""
        if name in shipped_voices():
            raise Conflict(f"{name} is shipped and read only")
        async with self._database.transaction() as session:
            await self._database.dialect.lock(session, EPOCH)
            repository = VoiceRepository(session)
            before = await repository.voice(name)
            if before is None or before.retired:
                raise NotFound(f"there is no voice {name!r}")
            now = self._clock()
            await repository.retire(name, now)
            await epochs.advance(session, self._database.dialect, EPOCH)
            await audit.record(session, actor, "voice.delete", f"voice:{name}", at=now, before=_shown(before))
        self.look_again()

    async def learn(self, samples: Sequence[NewSample], extends: str = "plain") -> Learnt:
        """What sample texts show of a voice, compared with the catalog's texts; nothing is saved.

        Raises Invalid (no sample, one that cannot be read, an unknown base), TooLarge.
        """
        read = await asyncio.to_thread(read_samples, samples)
        reference = None if self._catalog is None else await catalog_reference(self._catalog)
        return await asyncio.to_thread(learn, read, extends, reference)

    # -- brand rules -------------------------------------------------------------------------------------------

    async def add_rule(
        self, phrase: str, reason: str, actor: str, replacement: str | None = None
    ) -> BrandRule:
        """As `BrandRules.add`, in a transaction of its own."""
        async with self._database.transaction() as session:
            rule = await self.brand.add(session, phrase, reason, actor, replacement)
        self.look_again()
        return rule

    async def remove_rule(self, rule_id: str, actor: str) -> BrandRule:
        """As `BrandRules.remove`, in a transaction of its own."""
        async with self._database.transaction() as session:
            rule = await self.brand.remove(session, rule_id, actor)
        self.look_again()
        return rule

    async def rules(
        self, limit: int = 50, cursor: str | None = None, *, removed: bool = False
    ) -> Page[BrandRule]:
        """The brand rules, oldest first; with `removed` those too that no longer hold."""
        after = decode_cursor(cursor) if cursor else None
        async with self._database.session() as session:
            rows = await VoiceRepository(session).page(checked_limit(limit) + 1, after, removed=removed)
        return page_of(rows, limit, [rule.id for rule in rows])


def _shown(voice: Voice | None) -> dict[str, object] | None:
    """A voice as the audit keeps it."""
    if voice is None or voice.settings is None:
        return None
    said = {name: value for name, value in asdict(voice.settings).items() if value not in (None, (), "")}
    return {"version": voice.version, **said}

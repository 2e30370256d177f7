"""Brand rules: phrases that no text of the shop may have, whatever its voice."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.copywriting.voices.repository import VoiceRepository
from app.copywriting.voices.validation import check_rule
from app.copywriting.voices.values import BrandRule
from app.errors import Conflict, NotFound
from app.storage import audit, epochs
from app.storage.dialects import Dialect
from app.storage.ids import sortable_id

EPOCH = "voices"


class BrandRules:
    """The rules within somebody's transaction: what is added holds everywhere once that is committed, and not before."""

    def __init__(
        self, dialect: Dialect, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._dialect = dialect
        self._clock = clock

    async def add(
        self, session: AsyncSession, phrase: str, reason: str, actor: str, replacement: str | None = None
    ) -> BrandRule:
        """A new rule. One that says the same already is given back as it is.

        Raises Invalid (no phrase, no reason, a replacement that is itself forbidden), Conflict (the phrase has another
        replacement already).
        """
        phrase, reason = " ".join(phrase.split()), reason.strip()
        replacement = " ".join(replacement.split()) if replacement else None
        await self._dialect.lock(session, EPOCH)
        repository = VoiceRepository(session)
        known = await repository.rule_for(phrase)
        if known is not None:
            if known.replacement == replacement:
                return known
            raise Conflict(
                f"“{known.phrase}” has a rule already, {known.id}; remove it to say otherwise",
                extra={"rule": known.id},
            )
        words = [rule.word_rule for rule in await repository.rules()]
        await asyncio.to_thread(check_rule, phrase, replacement, reason, words)
        now = self._clock()
        rule = BrandRule(sortable_id("br", now), phrase, replacement, reason, actor, now)
        await repository.add(rule)
        await epochs.advance(session, self._dialect, EPOCH)
        after = {"phrase": phrase, "replacement": replacement, "reason": reason}
        await audit.record(session, actor, "rule.add", f"rule:{rule.id}", at=now, after=after)
        return rule

    async def list(self, session: AsyncSession) -> Sequence[BrandRule]:
        """The rules that hold, oldest first."""
        return await VoiceRepository(session).rules()

    async def remove(self, session: AsyncSession, rule_id: str, actor: str) -> BrandRule:
        """A rule no longer holds. Raises NotFound where there is none, or where it was removed already."""
        await self._dialect.lock(session, EPOCH)
        repository = VoiceRepository(session)
        rule = await repository.rule(rule_id)
        if rule is None or rule.removed_at is not None:
            raise NotFound(f"there is no brand rule {rule_id!r}")
        now = self._clock()
        await repository.remove(rule_id, actor, now)
        await epochs.advance(session, self._dialect, EPOCH)
        before = {"phrase": rule.phrase, "replacement": rule.replacement, "reason": rule.reason}
        await audit.record(session, actor, "rule.remove", f"rule:{rule_id}", at=now, before=before)
        return rule

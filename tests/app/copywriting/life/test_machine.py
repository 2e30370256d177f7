"""Whatever people do to copies, and in whatever order: the table is never violated, and one base text shows at most."""

import asyncio
import contextlib
import shutil
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from app.copywriting.copy import Window
from app.copywriting.life.transitions import BY_ACTION, Action
from app.copywriting.life.withdrawal import WithdrawOrder
from app.errors import Conflict, Invalid
from app.storage.database import Database
from app.storage.tables import audit, copies, publications
from tests.conformance.test_life import JACKET, Shop


class Life(RuleBasedStateMachine):
    template: Path  # an empty database

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = Path(tempfile.mkdtemp())
        shutil.copy(self.template, self.folder / "life.db")
        self.database = Database(f"sqlite:///{self.folder / 'life.db'}")
        self.loop.run_until_complete(self.database.open())
        self.shop = Shop(self.database)
        self.loop.run_until_complete(self.shop.catalog.put_product("J-1", JACKET))
        self.ids: list[str] = []

    def teardown(self) -> None:
        self.loop.run_until_complete(self.database.close())
        self.loop.close()
        shutil.rmtree(self.folder)

    def attempt(self, deed) -> None:  # type: ignore[no-untyped-def]  # any coroutine
        # What is refused must leave everything as it was, which the invariants see.
        with contextlib.suppress(Conflict, Invalid):
            self.loop.run_until_complete(deed)

    @precondition(lambda self: len(self.ids) < 4)
    @rule()
    def write(self) -> None:
        self.ids.append(self.loop.run_until_complete(self.shop.written()).id)

    @precondition(lambda self: self.ids)
    @rule(
        pick=st.integers(0, 3),
        action=st.sampled_from(["approve", "approve", "publish", "publish", "reject", "rollback", "end"]),
    )
    def act(self, pick: int, action: Action) -> None:
        self.attempt(self.shop.life.act(self.ids[pick % len(self.ids)], action, "Ben"))

    @precondition(lambda self: self.ids)
    @rule(pick=st.integers(0, 3), title=st.sampled_from(["Fjord Jacket", "The Fjord Jacket"]))
    def edit(self, pick: int, title: str) -> None:
        self.attempt(self.shop.life.edit(self.ids[pick % len(self.ids)], {"title": title}, "Ann"))

    @precondition(lambda self: self.ids)
    @rule(pick=st.integers(0, 3), days=st.integers(0, 2), lasts=st.none() | st.integers(0, 3))
    def schedule(self, pick: int, days: int, lasts: int | None) -> None:
        begins = self.shop.now + timedelta(days=days)
        ends = None if lasts is None else begins + timedelta(days=lasts)
        window = Window(begins, ends, None if lasts is None else "Sale")
        self.attempt(self.shop.life.publish(self.ids[pick % len(self.ids)], "Ben", window))

    @precondition(lambda self: self.ids)
    @rule(pick=st.integers(0, 3))
    def withdraw(self, pick: int) -> None:
        order = WithdrawOrder(ids=(self.ids[pick % len(self.ids)],), reason="wrong")
        self.attempt(self.shop.life.withdraw(order, "Ben"))

    @rule(care=st.sampled_from(["Machine wash", "Hand wash only"]))
    def facts_change(self, care: str) -> None:
        changed = replace(JACKET, attributes={**JACKET.attributes, "care": care})
        self.loop.run_until_complete(self.shop.catalog.put_product("J-1", changed))

    @rule(days=st.integers(1, 2))
    def time_passes(self, days: int) -> None:
        self.shop.later(days=days)

    @rule()
    def sweep(self) -> None:
        self.loop.run_until_complete(self.shop.life.sweep())

    @invariant()
    def the_table_holds(self) -> None:
        deeds, states, shelf = self.loop.run_until_complete(self._look())
        for deed in deeds:
            transition = BY_ACTION.get(deed.action.removeprefix("copy."))  # type: ignore[call-overload]
            if transition is not None and deed.before is not None:
                assert deed.before["status"] in transition.sources, deed
                assert deed.after["status"] == transition.target, deed
        open_ones = [p for p in shelf if p.ended_at is None]
        assert all(states[p.copy_id, p.version] in ("published", "stale") for p in open_ones)
        on_shelf = {(p.copy_id, p.version) for p in open_ones}
        assert {key for key, status in states.items() if status == "published"} <= on_shelf
        now = self.shop.now
        base = [p for p in open_ones if p.ends_at is None and p.campaign is None]
        replaced_at_once = [p for p in base if p.starts_at <= p.published_at and p.starts_at <= now]
        assert len(replaced_at_once) <= 1

    async def _look(self):  # type: ignore[no-untyped-def]  # rows
        async with self.database.session() as session:
            deeds = (await session.execute(select(audit.c.action, audit.c.before, audit.c.after))).all()
            rows = await session.execute(select(copies.c.id, copies.c.version, copies.c.status))
            states = {(row.id, row.version): row.status for row in rows}
            return deeds, states, (await session.execute(select(publications))).all()


@pytest.mark.timeout(300)
def test_the_table_is_never_violated(sqlite_template: Path) -> None:
    run_state_machine_as_test(
        type("Life", (Life,), {"template": sqlite_template}),
        settings=settings(
            max_examples=5, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )

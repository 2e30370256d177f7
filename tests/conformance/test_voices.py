"""Voices and brand rules on both databases: kept, versioned, audited, and known to every process within 2 s."""

import asyncio
import time

import pytest
from sqlalchemy import text

from app.catalog.service import CatalogService
from app.copywriting.copy import Copy
from app.copywriting.request import CopyRequest
from app.copywriting.service import CopyService
from app.copywriting.voices.learning import NewSample
from app.copywriting.voices.service import VoiceService
from app.copywriting.voices.values import VoiceSettings
from app.errors import Conflict, Invalid, NotFound, StaleVersion
from app.storage.database import Database
from evaluators.voice.rules import WordRule
from tests.builders import a_product

ACME = VoiceSettings(
    extends="plain", forbidden=(WordRule("boxy"), WordRule("utilise", "use")), spelling="GB", max_words=14
)


class Shop:
    """Catalog, voices and copy over one database."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.catalog = CatalogService(database)
        self.voices = VoiceService(database, self.catalog)
        self.copy = CopyService(database, self.catalog, voices=self.voices)

    async def write(self, **request: object) -> Copy:
        (copy,) = await self.copy.write(CopyRequest(sku="TS-1", **request), "Mia")  # type: ignore[arg-type]
        return copy

    async def deeds(self) -> list[tuple[str, str, str]]:
        async with self.database.session() as session:
            found = await session.execute(text("SELECT actor, action, subject FROM audit ORDER BY id"))
            return [tuple(row) for row in found]


@pytest.fixture
async def shop(database: Database) -> Shop:
    shop = Shop(database)
    attributes = {"material": "organic cotton", "fit": "boxy", "color": "gray"}
    await shop.catalog.put_product("TS-1", a_product("TS-1", attributes=attributes))
    return shop


async def test_a_voice_is_put_changed_and_deleted_and_each_deed_recorded(shop: Shop) -> None:
    first = await shop.voices.put("acme", ACME, "Ada")
    assert (first.version, first.base, first.rules.spelling) == (1, "plain", "GB")
    assert await shop.voices.put("acme", ACME, "Ada") == first  # nothing new
    changed = VoiceSettings(extends="warm", spelling="US")
    second = await shop.voices.put("acme", changed, "Bob", expected_version=1)
    assert (second.version, second.created_by, second.rules.exclamation) == (2, "Ada", True)
    assert await shop.voices.get("acme") == second
    with pytest.raises(StaleVersion):
        await shop.voices.put("acme", ACME, "Ada", expected_version=1)
    await shop.voices.delete("acme", "Ada")
    with pytest.raises(NotFound, match="plain, warm, premium"):
        await shop.voices.get("acme")
    with pytest.raises(NotFound):
        await shop.voices.delete("acme", "Ada")
    assert (await shop.voices.put("acme", ACME, "Eve")).version == 3
    actions = [(actor, action) for actor, action, subject in await shop.deeds() if subject == "voice:acme"]
    assert actions == [
        ("Ada", "voice.put"),
        ("Bob", "voice.put"),
        ("Ada", "voice.delete"),
        ("Eve", "voice.put"),
    ]


@pytest.mark.parametrize(
    ("name", "settings", "pointer", "named"),
    [
        ("plain", ACME, "path/name", "read only"),
        ("Big Name", ACME, "path/name", "lower-case"),
        ("a", VoiceSettings(extends="loud"), "/extends", "premium"),
        ("a", VoiceSettings(forbidden=(WordRule("x"), WordRule("X"))), "/forbidden/1/phrase", "twice"),
        ("a", VoiceSettings(forbidden=(WordRule("…"),)), "/forbidden/0/phrase", "letter"),
        ("a", VoiceSettings(forbidden=(WordRule("big", "amazing"),)), "/forbidden/0/replacement", "forbidden"),
        ("a", VoiceSettings(forbidden=(WordRule("x", "X"),)), "/forbidden/0/replacement", "itself"),
        ("a", VoiceSettings(forbidden=(WordRule("hue", "color"),), spelling="GB"), "/forbidden/0/replacement", "colour"),
        ("a", VoiceSettings(allowed=("x",), forbidden=(WordRule("x"),)), "/allowed/0", "both"),
        ("a", VoiceSettings(target_words=30, max_words=20), "/sentence_length/target", "maximum"),
        ("a", VoiceSettings(max_words=2), "/sentence_length/max", "3 to 100"),
    ],
)  # fmt: skip
async def test_a_wrong_voice_is_refused_with_its_place(
    sqlite_database: Database, name: str, settings: VoiceSettings, pointer: str, named: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await VoiceService(sqlite_database).put(name, settings, "Ada")
    assert pointer in {problem.pointer for problem in refused.value.problems}
    assert named in refused.value.detail


async def test_the_writer_keeps_the_voice_and_the_copy_says_which(shop: Shop) -> None:
    await shop.voices.put("acme", ACME, "Ada")
    plain, acme = await shop.write(), await shop.write(voice="acme")
    assert "boxy" in str(plain.fields)
    assert "boxy" not in str(acme.fields)
    assert "gray" in str(plain.fields).lower()
    assert "grey" in str(acme.fields).lower()
    assert "gray" not in str(acme.fields).lower()
    assert (acme.voice, acme.provenance.rules, acme.status) == ("acme", {"voice": "acme@1"}, "needs_review")
    assert all(s.verdict in {"supported", "claimless"} for s in acme.sentences)
    with pytest.raises(Invalid, match="known: plain, warm, premium, acme"):
        await shop.write(voice="nope")


async def test_a_changed_voice_makes_its_copies_out_of_date_and_others_not(shop: Shop) -> None:
    await shop.voices.put("acme", ACME, "Ada")

    async def outcomes(voice: str) -> list[str]:
        run = shop.copy.generate_all(CopyRequest(sku="", voice=voice))
        return [step.outcome async for step in run]

    assert [await outcomes("acme"), await outcomes("acme")] == [["written"], ["skipped"]]
    assert await outcomes("plain") == ["written"]
    await shop.voices.put("acme", VoiceSettings(extends="plain", spelling="US"), "Ada")
    assert [await outcomes("acme"), await outcomes("plain")] == [["written"], ["skipped"]]


async def test_a_brand_rule_holds_for_every_voice_and_is_told_to_whoever_is_refused(shop: Shop) -> None:
    rule = await shop.voices.add_rule("organic", "no certificate", "Ada")
    assert await shop.voices.add_rule("Organic", "said again", "Bob") == rule
    with pytest.raises(Conflict, match=rule.id):
        await shop.voices.add_rule("organic", "another", "Bob", "natural")
    for voice in ("plain", "warm", "premium"):
        copy = await shop.write(voice=voice)
        assert "organic" not in str(copy.fields).lower()
        assert {check.id for check in copy.checks} >= {"brand_rules"}
    assert [r.phrase for r in (await shop.voices.rules()).items] == ["organic"]
    assert await shop.voices.remove_rule(rule.id, "Bob") == rule
    with pytest.raises(NotFound):
        await shop.voices.remove_rule(rule.id, "Bob")
    assert (await shop.voices.rules()).items == ()
    (gone,) = (await shop.voices.rules(removed=True)).items
    assert gone.removed_by == "Bob"
    assert "organic" in str((await shop.write()).fields).lower()
    deeds = [(actor, action) for actor, action, subject in await shop.deeds() if subject == f"rule:{rule.id}"]
    assert deeds == [("Ada", "rule.add"), ("Bob", "rule.remove")]


async def test_a_rule_added_in_a_transaction_that_fails_does_not_hold(shop: Shop) -> None:
    async def fail() -> None:
        async with shop.database.transaction() as session:
            await shop.voices.brand.add(session, "cotton", "why", "Ada")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert (await shop.voices.rules()).items == ()
    assert [deed for deed in await shop.deeds() if "rule" in deed[1]] == []


async def test_rules_come_in_pages(shop: Shop) -> None:
    for phrase in ("a1", "b2", "c3"):
        await shop.voices.add_rule(phrase, "why", "Ada")
        await asyncio.sleep(0.002)  # ids sort by the millisecond
    first = await shop.voices.rules(2)
    second = await shop.voices.rules(2, first.next_cursor)
    assert [r.phrase for r in (*first.items, *second.items)] == ["a1", "b2", "c3"]
    assert second.next_cursor is None


async def test_another_process_knows_within_two_seconds(database: Database, shop: Shop) -> None:
    other = VoiceService(database)
    await other.book()
    await shop.voices.put("acme", ACME, "Ada")
    await shop.voices.add_rule("timeless", "worn out", "Ada")
    began = time.monotonic()
    while (book := await other.book()).find("acme") is None:
        assert time.monotonic() - began < 2
        await asyncio.sleep(0.05)
    assert [rule.phrase for rule in book.voices["warm"].rules.brand] == ["timeless"]


async def test_two_add_the_same_rule_at_once_and_there_is_one(shop: Shop) -> None:
    found = await asyncio.gather(*(shop.voices.add_rule("vegan", "why", f"P{n}") for n in range(5)))
    assert len({rule.id for rule in found}) == 1


async def test_samples_are_compared_with_the_catalog_and_nothing_is_saved(shop: Shop) -> None:
    for n in range(3):
        body = "<p>The robust jacket has a hood and pockets. It is a light jacket.</p>" * 60
        await shop.catalog.put_product(f"J-{n}", a_product(f"J-{n}", description=body))
    text = "You'll love how snug it is. Pop the snug hood up! " * 40
    learnt = await shop.voices.learn(
        [NewSample(text, "a.txt"), NewSample(f"<p>{text}</p>", "b.html")], "warm"
    )
    assert "snug" in {word.word for word in learnt.measured.characteristic}
    assert (learnt.settings.person, learnt.settings.extends) == ("second", "warm")
    assert [voice.name for voice in await shop.voices.list()] == ["plain", "warm", "premium"]
    with pytest.raises(Invalid, match="binary"):
        await shop.voices.learn([NewSample("A tee."), NewSample(b"\0\1")])

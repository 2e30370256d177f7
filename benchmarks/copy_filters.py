"""What does a page of 50 copies take, out of 50,000, for each filter of `GET /v1/copy`? On SQLite and on PostgreSQL.

The texts are made of a vocabulary of some 20,000 words whose frequencies fall as those of real texts do: patterns of
sentences about materials, parts and uses, with names of brands and models in them. Each filter is measured with a value that
many copies have and with one that few or none have, newest first and riskiest first; the figures are the median
and the least of 15 pages in milliseconds, reading the copies included: a busy machine moves the first, not the second. `--copies N`, `--database sqlite` or `postgresql`.
"""

import argparse
import asyncio
import os
import random
import secrets
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from sqlalchemy import insert, make_url, text, update

from app.copywriting.copy import Copy, CopySentence, Provenance
from app.copywriting.repository import CopyQuery, CopyRepository
from app.storage.database import Database
from app.storage.tables import copies, products, publications
from benchmarks.common import report
from evaluators.checks import Check
from retrieval.facts import Fact

ROUNDS = 15
THEN = datetime(2026, 1, 1, tzinfo=UTC)
MATERIALS = ("organic cotton", "merino wool", "recycled polyester", "linen", "full-grain leather", "solid oak", "steel",
             "borosilicate glass", "bamboo", "nylon ripstop", "cork", "ceramic", "aluminium", "silicone", "felt")  # fmt: skip
PARTS = ("collar", "hem", "zip", "lining", "handle", "lid", "hinge", "strap", "pocket", "sole", "blade", "frame", "seat",
         "cord", "hood", "cuff", "buckle", "spout", "base", "shelf")  # fmt: skip
QUALITIES = ("waterproof", "machine-washable", "dishwasher-safe", "breathable", "hand-finished", "adjustable", "foldable",
             "stackable", "insulated", "reversible", "scratch-resistant", "lightweight", "wind-resistant", "padded")  # fmt: skip
USES = ("on the trail", "in the kitchen", "at the desk", "for long walks", "on rainy days", "by the fire", "in the garden",
        "on the way to work", "for guests", "under a jacket", "at the gym", "in a small flat")  # fmt: skip
PATTERNS = (
    "The {model} is made of {material} and has a {part} that is {quality}.",
    "Its {part} is {quality}, and the {part2} is cut from {material}.",
    "Made for use {use}, it weighs {n} g and measures {m} cm.",
    "{brand} makes it in {town} from {material}.",
    "A {quality} {part} keeps it in shape {use}.",
    "Wash it at {t} °C and let it dry in the shade.",
    "It comes in {n} colours, each with a {quality} {part}.",
    "The {part} and the {part2} of the {model} are {quality}.",
)
SYLLABLES = (
    "ba",
    "ken",
    "lo",
    "mir",
    "ta",
    "vel",
    "so",
    "dra",
    "nu",
    "fi",
    "gor",
    "ha",
    "ris",
    "tel",
    "um",
    "wey",
)
CATEGORIES = tuple(
    f"{top} > {middle} > {last}"
    for top in ("Clothing", "Home", "Outdoor", "Office")
    for middle in ("Basics", "Premium", "Kids", "Sale")
    for last in ("Tops", "Bags", "Tools", "Chairs")
)
CHECKS = ("near_duplicate", "field_lengths", "grounding", "shouting", "language")


def a_name(rng: random.Random) -> str:
    return "".join(rng.choices(SYLLABLES, k=rng.randint(2, 4))).title()


def falling(rng: random.Random, of: int) -> int:
    """A number below `of`; low ones are more frequent, as words are (a Zipf-like law)."""
    return int(of ** rng.random()) - 1


def a_copy(n: int, sku: str, rng: random.Random, names: list[str]) -> Copy:
    """The n-th copy."""
    model, brand, town = (names[falling(rng, len(names))] for _ in range(3))
    material = MATERIALS[falling(rng, len(MATERIALS))]

    def one(field: str) -> CopySentence:
        quality, part = QUALITIES[falling(rng, len(QUALITIES))], PARTS[falling(rng, len(PARTS))]
        said = rng.choice(PATTERNS).format(
            model=f"{model} {n % 997}", brand=brand, town=town, material=material, quality=quality, part=part,
            part2=rng.choice(PARTS), use=rng.choice(USES), n=rng.randint(2, 900), m=rng.randint(5, 250), t=rng.choice((30, 40, 60)),
        )  # fmt: skip
        used = tuple(f"F{1 + falling(rng, 30)}" for _ in range(2))
        claims = tuple(words for words in (material, quality, f"{part} is {quality}") if words in said)
        return CopySentence(field, said, used, "supported", claims)

    sentences = (
        CopySentence("title", f"{brand} {model} in {material.title()}", ("F1",), "supported", (material,)),
        *(one("description_html") for _ in range(7)),
        *(one(f"bullets/{i}") for i in range(4)),
        one("meta_description"),
    )
    body = " ".join(s.text for s in sentences if s.field == "description_html")
    failing = rng.random()
    at = THEN + timedelta(seconds=n)
    return Copy(
        id=f"cp_{int(at.timestamp() * 1000):011x}{n:012x}",
        version=1,
        sku=sku,
        template="product_description" if rng.random() < 0.9 else "headline_variants",
        template_version=1,
        variant=0,
        locale="en-US" if rng.random() < 0.8 else "en-GB",
        channel="storefront",
        voice="plain",
        angle=rng.choice((None, None, None, "material", "care", "technical")),
        status=rng.choices(
            ("needs_review", "draft", "approved", "published", "stale", "rejected", "withdrawn"),
            (50, 5, 10, 20, 5, 2, 8),
        )[0],
        fields={
            "title": sentences[0].text,
            "description_html": f"<p>{body}</p>",
            "bullets": [s.text for s in sentences if s.field.startswith("bullets")],
            "meta_description": sentences[-1].text,
        },
        sentences=sentences,
        facts=tuple(
            Fact(fact, "material", material, text=f"Material: {material}", source="attribute:material")
            for fact in sorted({f for s in sentences for f in s.facts})
        ),
        checks=tuple(
            Check(check, "error" if check == "grounding" else "warning", failing > 0.02 * (i + 1), None, "As it is.")
            for i, check in enumerate(CHECKS[:4])
        ),
        provenance=Provenance("llm" if rng.random() < 0.3 else "template", "template@1", "h", "h"),
        request_hash=f"r{n}",
        created_at=at,
    )  # fmt: skip


async def fill(database: Database, count: int) -> float:
    """The shop: a product for each two or three copies. Gives the seconds that storing the copies took."""
    rng = random.Random(5)  # noqa: S311 - the same texts every time
    names = [a_name(rng) for _ in range(20_000)]
    skus = [f"SKU-{i:05d}" for i in range(max(1, count * 2 // 5))]
    async with database.transaction() as session:
        rows = []
        for sku in skus:
            category = CATEGORIES[falling(rng, len(CATEGORIES))]
            texts = {"title": sku, "category": category, "category_key": category.casefold(), "brand_key": ""}
            empty = dict.fromkeys(("data_hash", "facts_hash", "facts_rules", "search", "locales"), "")
            json = {"data": "{}" * 600, "facts": "[]" * 300, "localized_facts": "{}", "fact_ids": "{}"}
            rows.append(
                {"sku": sku, "status": "active", "created_at": THEN, "updated_at": THEN, **texts, **empty, **json}
            )  # fmt: skip
        await session.execute(insert(products), rows)
    spent = 0.0
    for start in range(0, count, 500):
        new = [a_copy(n, skus[n * 7 % len(skus)], rng, names) for n in range(start, min(count, start + 500))]
        started = time.perf_counter()
        async with database.transaction() as session:
            await CopyRepository(session).add(new)
        spent += time.perf_counter() - started
        shown = [copy for copy in new if copy.status == "published"]
        async with database.transaction() as session:
            await session.execute(
                insert(publications),
                [
                    {"id": f"pb_{copy.id}", "sku": copy.sku, "place": copy.id, "copy_id": copy.id, "version": 1,
                     "campaign": rng.choice((None, "christmas", "christmas", "easter")), "starts_at": THEN,
                     "published_by": "Mia", "published_at": THEN}
                    for copy in shown
                ],
            )  # fmt: skip
            await session.execute(
                update(copies)
                .where(copies.c.id.in_([copy.id for copy in new if int(copy.id[-12:], 16) % 5 == 0]))
                .values(assignee="Ada")
            )
    async with database.transaction() as session:
        if database.dialect.name == "postgresql":
            await session.execute(text("ANALYZE"))
    return spent


# Each filter with a value that many copies have, and one that few or none have.
FILTERS: dict[str, tuple[object, object]] = {
    "status": ("needs_review", "rejected"),
    "category": ("Clothing", "Office > Sale > Chairs"),
    "sku": ("SKU-00007", "SKU-none"),
    "check": ("near_duplicate", "html_safety"),
    "text": ("made of organic cotton", "moonlit"),
    "fact": ("F1", "F97"),
    "claim": ("organic", "cork lining"),
    "locale": ("en-US", "fr-FR"),
    "campaign": ("christmas", "midsummer"),
    "assignee": ("Ada", "Nobody"),
    "template": ("product_description", "poem"),
    "angle": ("material", "weather"),
}
BESIDE: dict[str, dict[str, str]] = {
    "nothing": {},
    "text, a beginning": {"text": "wat"},
    "text of one letter": {"text": "a"},
    "text and check": {"text": "made of", "check": "html_safety"},
    "text and fact": {"text": "the", "fact": "F29"},
    "category and check": {"category": "Clothing", "check": "shouting"},
    "category and text": {"category": "Office > Sale > Chairs", "text": "organic cotton"},
    "claim and assignee": {"claim": "waterproof", "assignee": "Ada"},
}


async def measure(database: Database) -> None:
    for name, (many, few) in FILTERS.items():
        for kind, value in (("many", many), ("few", few)):
            await one(database, f"{name}, {kind}", {name: str(value)})
    for name, query in BESIDE.items():
        await one(database, name, query)


async def one(database: Database, name: str, query: dict[str, str]) -> None:
    figures: dict[str, object] = {}
    queue = {"status": "needs_review", **query}
    for order, asked in (
        ("newest", CopyQuery(**query)),  # type: ignore[arg-type]  # texts all
        ("risk", CopyQuery(**queue, order="risk")),  # type: ignore[arg-type]
    ):
        times, found = [], 0
        for _ in range(ROUNDS + 1):
            started = time.perf_counter()
            async with database.session() as session:
                found = len(await CopyRepository(session).page(asked, 51, None))
            times.append((time.perf_counter() - started) * 1000)
        figures[f"{order}_ms"] = round(statistics.median(times[1:]), 1)
        figures[f"{order}_least_ms"] = round(min(times[1:]), 1)
        figures[f"{order}_found"] = min(found, 50)
    report(benchmark="copy_filters", database=database.dialect.name, filter=name, **figures)


@contextmanager
def postgresql() -> Iterator[str]:
    server = (
        os.environ.get("SHELFTALKER_TEST_POSTGRES_URL") or "postgresql://postgres@127.0.0.1:5432/postgres"
    )
    name = f"shelftalker_filters_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True, connect_timeout=3) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield make_url(server).set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


async def run(url: str, count: int) -> None:
    database = Database(url)
    await database.upgrade()
    await database.close()
    async with Database(url) as database:
        stored = await fill(database, count)
        rate = round(count / stored)
        report(benchmark="copy_filters", database=database.dialect.name, copies=count, stored_per_second=rate)
        await measure(database)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--copies", type=int, default=50_000, metavar="N")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), help="one of the two alone")
    chosen = parser.parse_args()
    if chosen.database != "postgresql":
        with tempfile.TemporaryDirectory(prefix="shelftalker-filters-") as folder:
            asyncio.run(run(f"sqlite:///{Path(folder) / 'shop.db'}", chosen.copies))
    if chosen.database == "sqlite":
        return
    try:
        with postgresql() as url:
            asyncio.run(run(url, chosen.copies))
    except psycopg.OperationalError as error:
        report(benchmark="copy_filters", skipped=f"no PostgreSQL: {str(error).splitlines()[0]}")


if __name__ == "__main__":
    main()

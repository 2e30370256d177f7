"""The demo's page, from values to a real browser."""

import pytest

from app.demo.page import (
    HeadlineLine,
    Page,
    Refusal,
    RefusedPart,
    RejectedRow,
    ShownFact,
    ShownHeadline,
    ShownProduct,
    Snippet,
    render,
)
from app.demo.segments import Segment

pytestmark = pytest.mark.browser

SCRIPT = "<script>document.title='owned'</script>"
IMAGE = "<img src=x onerror=\"document.title='owned'\">"


def product(title: str, category: str, material: str) -> ShownProduct:
    lead = Segment(f"The {title} is made of {material}.", ("F1", "F2"), "supported")
    care = Segment("Wash it by hand.", ("F3",), "supported")
    return ShownProduct(
        sku=title,
        title=(Segment(title, ("F1",), "supported"),),
        brand="Tarnfell",
        category=(category, "Coats"),
        facts=(
            ShownFact("F1", "Title", title, "title", "data", live=False, used=True),
            ShownFact("F2", "Material", material, "attribute:material", "data", live=False, used=True),
            ShownFact("F3", "Care", "hand wash", "attribute:care", "data", live=False, used=True),
            ShownFact("F4", "Description", IMAGE, "description:1", "merchant_claim", live=False, used=False),
            ShownFact("F5", "Price", "20 EUR", "price", "data", live=True, used=False),
        ),
        paragraphs=((lead, Segment(" "), care),),
        bullets=(Segment(material, ("F2",), "supported"),),
        headlines=(
            ShownHeadline(
                "material", (HeadlineLine("headline", (Segment(material, ("F2",), "supported"),)),)
            ),
        ),
        snippet=Snippet("coat", (Segment(title, ("F1",), "supported"),), (lead,)),
        alts=(),
        variants=(),
        sentences=4,
        unsupported=0,
    )


@pytest.fixture
def html(tmp_path):
    page = Page(
        products=(
            product("Field Jacket", "Apparel & Accessories", "waxed cotton"),
            product(f"Lamp {SCRIPT}", "Home & Garden", "oak"),
        ),
        rejected=(RejectedRow(7, None, f"no title {SCRIPT}"),),
        refusal=Refusal(
            "Lamp", (RefusedPart("It is ", False), RefusedPart(IMAGE, True)), ("no fact says so",)
        ),
        seconds=1.5,
        version="0.1.0",
    )
    path = tmp_path / "demo.html"
    path.write_text(render(page), encoding="utf-8")
    return path


async def test_hovering_a_sentence_shows_its_facts(html, visit):
    async with visit(html) as page:
        evidence = page.locator("#evidence")
        assert await evidence.is_hidden()
        sentence = page.locator("main .prose .s", has_text="The Field Jacket is made of")
        await sentence.hover()
        assert await evidence.locator(".fact-id").all_inner_texts() == ["F1", "F2"]
        shown = await evidence.inner_text()
        assert "waxed cotton" in shown
        assert "attribute:material" in shown
        assert "the shop's data" in shown
        lit = page.locator("main .product").first.locator(".ledger .fact.on .fact-id")
        assert await lit.all_inner_texts() == ["F1", "F2"]
        await page.mouse.move(2, 2)
        assert await evidence.is_hidden()


async def test_pointing_at_a_fact_lights_its_sentences(html, visit):
    async with visit(html) as page:
        await page.locator("main .product").first.locator('.ledger .fact[data-id="F3"]').hover()
        assert await page.locator(".s.on").all_inner_texts() == ["Wash it by hand."]


async def test_the_keyboard_reaches_every_sentence(html, visit):
    async with visit(html) as page:
        await page.locator("main .prose .s").first.focus()
        await page.keyboard.press("ArrowRight")
        assert await page.locator("#evidence .fact-id").all_inner_texts() == ["F3"]
        await page.keyboard.press("ArrowRight")
        await page.keyboard.press("Escape")
        assert await page.locator("#evidence").is_hidden()


async def test_a_tap_opens_a_sheet_on_a_phone(html, visit):
    async with visit(html, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True) as page:
        assert await page.evaluate("document.documentElement.scrollWidth") <= 390
        await page.locator("main .prose .s").first.tap()
        box = await page.locator("#evidence").bounding_box()
        assert box
        assert box["width"] == 390
        assert round(box["y"] + box["height"]) == 844
        await page.locator("#close").tap()
        assert await page.locator("#evidence").is_hidden()


async def test_category_and_search_narrow_the_page(html, visit):
    async with visit(html) as page:
        shown = page.locator("main .product:visible")
        await page.get_by_role("button", name="Home").click()
        assert await shown.count() == 1
        assert await page.locator("#count").inner_text() == "1 product"
        await page.locator("#search").fill("waxed")
        assert await page.locator("#none").is_visible()
        await page.locator("#reset").click()
        assert await shown.count() == 2
        await page.locator("#search").fill("WAXED field")
        assert await shown.count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_dark_and_light_follow_the_system_and_the_switch(html, visit, scheme):
    paper = "getComputedStyle(document.body).backgroundColor"
    async with visit(html, color_scheme=scheme) as page:
        before = await page.evaluate(paper)
        await page.locator("#theme").click()
        after = await page.evaluate(paper)
        brightness = [sum(int(part) for part in color[4:-1].split(",")) for color in (before, after)]
        assert (brightness[0] > brightness[1]) == (scheme == "light")


async def test_markup_in_a_catalog_is_text(html, visit):
    async with visit(html, complaints=1) as page:  # the browser says that it blocked the script below
        assert await page.title() == "Shelftalker demo: 2 products, every sentence with its facts"
        assert SCRIPT in await page.locator("main h2").nth(1).inner_text()
        assert await page.locator("main img").count() == 0
        assert await page.locator("script").count() == 1
        blocked = await page.evaluate(
            """() => { const s = document.createElement("script"); s.textContent = "window.ran = 1";
                       document.body.append(s); return window.ran ?? null; }"""
        )
        assert blocked is None, "the page's policy admits its own script alone"

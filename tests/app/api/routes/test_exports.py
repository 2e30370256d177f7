"""`/v1/export` and what comes back."""

import csv
import io

import httpx2
import pytest

FEED = (
    "Handle,Title,Body (HTML),Vendor,Type,Option1 Name,Option1 Value,Variant SKU,Variant Price,SEO Title\r\n"
    "mug,Blue Mug,<p>A mug of stoneware.</p>,Fernweh,Mug,Title,Default Title,M-1,12.00,\r\n"
    "board,Oak Board,,Fernweh,Board,Title,Default Title,B-1,30.00,\r\n"
)


async def published(http: httpx2.AsyncClient) -> dict[str, str]:
    """The fields of a text about M-1 that stands on the shelf, with its id."""
    await take(http, FEED)
    made = (await http.post("/v1/copy", json={"sku": "M-1"})).json()["items"][0]
    for action in ("approve", "publish"):
        assert (await http.post(f"/v1/copy/{made['id']}/{action}")).status_code == 200
    return made["fields"] | {"id": made["id"]}


async def take(http: httpx2.AsyncClient, content: str, name: str = "shop.csv") -> dict[str, object]:
    answer = await http.post("/v1/imports", files={"file": (name, content.encode())})
    assert answer.status_code == 201
    report: dict[str, object] = answer.json()
    return report


async def test_the_feed_comes_back_with_published_copy(http: httpx2.AsyncClient) -> None:
    copy = await published(http)
    answer = await http.get("/v1/export")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="shop-shelftalker.csv"'
    assert answer.headers["x-shelftalker-left-out"] == "0"
    mug, board = csv.DictReader(io.StringIO(answer.text, newline=""))
    assert (mug["Body (HTML)"], mug["SEO Title"]) == (copy["description_html"], copy["meta_title"])
    assert (mug["Title"], board["Body (HTML)"]) == ("Blue Mug", "")
    assert answer.text.count("\r\n") == FEED.count("\r\n")
    assert (await http.get("/v1/export?format=shopify&status=published")).content == answer.content


async def test_it_changes_nothing_when_it_goes_back_in(http: httpx2.AsyncClient) -> None:
    await published(http)
    report = await take(http, (await http.get("/v1/export?fields=title,description_html,meta_title")).text)
    assert (report["unchanged"], report["facts_changed"], report["edited_outside"]) == (2, 0, 0)


async def test_an_edit_in_the_shop_becomes_a_version(http: httpx2.AsyncClient) -> None:
    copy = await published(http)
    title = copy["meta_title"]
    report = await take(http, (await http.get("/v1/export")).text.replace(title, "Our best mug"))
    assert (report["unchanged"], report["edited_outside"], report["notes_count"]) == (2, 1, 1)
    (edit,) = (await http.get("/v1/exports/outside-edits")).json()["items"]
    assert (edit["sku"], edit["field"], edit["text"]) == ("M-1", "meta_title", "Our best mug")
    version = await http.post(f"/v1/exports/outside-edits/{edit['id']}/accept")
    assert version.status_code == 200
    assert (version.json()["version"], version.json()["fields"]["meta_title"]) == (2, "Our best mug")
    again = await http.post(f"/v1/exports/outside-edits/{edit['id']}/dismiss")
    assert (again.status_code, again.json()["title"]) == (409, again.json()["title"])
    assert (await http.get("/v1/exports/outside-edits")).json()["items"] == []
    assert len((await http.get("/v1/exports/outside-edits?status=accepted&sku=M-1")).json()["items"]) == 1
    assert (await http.post("/v1/exports/outside-edits/oe_none/accept")).status_code == 404


async def test_feeds_are_listed_and_chosen(http: httpx2.AsyncClient) -> None:
    await take(http, FEED)
    await take(http, "sku,title\nX,Lamp\n", "more.csv")
    first, second = (await http.get("/v1/exports/feeds")).json()["items"]
    assert [(f["format"], f["products"], f["filename"]) for f in (first, second)] == [
        ("shopify", 2, "shop.csv"),
        ("csv", 1, "more.csv"),
    ]
    chosen = await http.get("/v1/export", params={"import_id": second["import_id"]})
    assert chosen.text == "sku,title\nX,Lamp\n"
    assert chosen.headers["x-shelftalker-left-out-skus"] == "B-1,M-1"


@pytest.mark.parametrize(
    ("format_", "kind"),
    [
        ("csv", "text/csv; charset=utf-8"),
        ("jsonl", "application/x-ndjson"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
async def test_tables_of_our_own(http: httpx2.AsyncClient, format_: str, kind: str) -> None:
    await take(http, FEED)
    answer = await http.get(f"/v1/export?format={format_}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
    assert answer.headers["content-disposition"] == f'attachment; filename="shelftalker-copy.{format_}"'
    assert answer.content == (await http.get(f"/v1/export?format={format_}")).content


@pytest.mark.parametrize(
    ("query", "status", "told"),
    [
        ("format=word", 422, "magento"),
        ("status=lost", 422, "published"),
        ("fields=headline", 422, "meta_title"),
        ("sort=up", 422, "sort"),
        ("format=xlsx&layout=abc", 422, "layout"),
        ("format=google", 404, "shopify"),
        ("import_id=imp_none", 404, "imp_none"),
    ],
)
async def test_what_cannot_be_is_told_before_the_first_byte(
    http: httpx2.AsyncClient, query: str, status: int, told: str
) -> None:
    await take(http, FEED)
    answer = await http.get(f"/v1/export?{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert told in answer.text


async def test_a_storefront_key_exports_nothing(http: httpx2.AsyncClient) -> None:
    key = (await http.post("/v1/keys", json={"role": "admin", "name": "Ada"})).json()["key"]
    admin = {"Authorization": f"Bearer {key}"}
    browser = (await http.post("/v1/keys", json={"role": "storefront", "name": "web"}, headers=admin)).json()[
        "key"
    ]
    for path in ("/v1/export", "/v1/exports/feeds", "/v1/exports/outside-edits"):
        assert (await http.get(path, headers={"Authorization": f"Bearer {browser}"})).status_code == 403
        assert (await http.get(path)).status_code == 401

"""Imports over HTTP."""

import pytest

from tests.app.api.conftest import is_problem

FEED = (
    b"sku,title,material,price\n"
    b"M-1,Blue Mug,stoneware,12.00 EUR\n"
    b",Nameless,wood,1.00 EUR\n"
    b"M-2,<script>alert(1)</script>Cup,porcelain,9.00 EUR\n"
)


async def send(http, content: bytes, name: str = "feed.csv", **form):
    return await http.post("/v1/imports", files={"file": (name, content)}, data=form)


async def test_good_rows_go_in_and_bad_ones_are_answered(http):
    answer = await send(http, FEED)
    assert answer.status_code == 201, answer.text
    report = answer.json()
    assert (report["status"], report["created"], report["products"]) == ("done", 2, 2)
    assert [row["line"] for row in report["rejected"]] == [3]
    assert report["rejected"][0]["detail"]
    assert (await http.get("/v1/products/M-1")).json()["price"] == {"amount": "12.00", "currency": "EUR"}
    assert "<" not in (await http.get("/v1/products/M-2")).json()["title"]


async def test_the_same_file_twice_changes_nothing(http):
    await send(http, FEED)
    before = (await http.get("/v1/products")).json()
    report = (await send(http, FEED)).json()
    assert (report["created"], report["updated"], report["unchanged"]) == (0, 0, 2)
    assert (await http.get("/v1/products")).json() == before


async def test_a_dry_run_reports_the_same_and_writes_nothing(http):
    dry = (await send(http, FEED, dry_run="true")).json()
    assert (await http.get("/v1/products")).json()["items"] == []
    wet = (await send(http, FEED)).json()
    for name in ("created", "updated", "unchanged", "rejected", "products"):
        assert dry[name] == wet[name]


async def test_imports_are_listed_and_found(http):
    made = (await send(http, FEED)).json()
    assert (await http.get(f"/v1/imports/{made['id']}")).json() == made
    assert [one["id"] for one in (await http.get("/v1/imports")).json()["items"]] == [made["id"]]
    is_problem(await http.get("/v1/imports/nothing"), 404)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "empty.csv"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(500), "a.png"),
        (b"just words\n", "x.csv"),
    ],
)
async def test_a_file_that_cannot_be_read_changes_nothing(http, content, name):
    document = is_problem(await send(http, content, name), 422)
    assert document["detail"]
    assert (await http.get("/v1/products")).json()["items"] == []


async def test_a_file_over_the_limit(http):
    await_problem = await send(http, b"sku,title\n" + b"A,Mug\n" * 300_000)  # 1.8 MB; the fixture takes 1 MB
    is_problem(await_problem, 413)


async def test_a_form_that_is_wrong(http):
    is_problem(await http.post("/v1/imports", json={"file": "x"}), 415)
    is_problem(await http.post("/v1/imports"), 415)
    document = is_problem(await http.post("/v1/imports", files={"feed": ("a.csv", FEED)}), 422)
    assert document["errors"][0]["pointer"] == "form/file"
    document = is_problem(await send(http, FEED, mode="half", colour="red"), 422)
    assert {error["pointer"] for error in document["errors"]} == {"form/mode", "form/colour"}
    assert "delta" in document["detail"] or "delta" in str(document["errors"])
    document = is_problem(await send(http, FEED, format="pdf"), 422)
    assert "shopify" in document["detail"]
    broken = {"Content-Type": "multipart/form-data; boundary=x"}
    is_problem(await http.post("/v1/imports", content=b"no form at all", headers=broken), 400)
    is_problem(
        await http.post("/v1/imports", content=b"", headers={"Content-Type": "multipart/form-data"}), 400
    )


async def test_uploads_leave_no_files_behind(http, tmp_path, monkeypatch):
    import tempfile  # noqa: PLC0415

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    await send(http, FEED)
    await send(http, b"")
    await http.post("/v1/imports", files={"file": ("a.csv", FEED)}, headers={"Idempotency-Key": "k"})
    await http.post("/v1/imports", files={"file": ("a.csv", FEED)}, headers={"Idempotency-Key": "k"})
    assert list(tmp_path.glob("shelftalker-*")) == []

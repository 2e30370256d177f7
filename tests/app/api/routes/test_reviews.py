"""The review over HTTP: queue, lists, samples, sheets, disputes, feedback."""

import io
import json

import openpyxl
import pytest

from tests.app.api.conftest import is_problem

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
async def copies(http, stock):
    """Five texts that wait for review."""
    made = []
    for n in range(5):
        await stock.tee(f"TS-{n}", title=f"Meadow Tee {n}")
        made.append(await stock.copy(f"TS-{n}"))
    return made


async def an_edit(http, copy, text):
    answer = await http.patch(f"/v1/copy/{copy['id']}", json={"fields": {"description_html": text}})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_the_queue_begins_with_what_is_riskiest(http, copies):
    await an_edit(http, copies[2], "<p>It is waterproof.</p>")
    page = (await http.get("/v1/reviews/queue?limit=2")).json()
    first = page["items"][0]
    assert first["copy"]["id"] == copies[2]["id"]
    assert "error: grounding" in first["reasons"]
    assert first["risk"] > page["items"][1]["risk"]
    seen = [item["copy"]["id"] for item in page["items"]]
    while page["next_cursor"]:
        page = (await http.get(f"/v1/reviews/queue?limit=2&cursor={page['next_cursor']}")).json()
        seen += [item["copy"]["id"] for item in page["items"]]
    assert sorted(seen) == sorted(copy["id"] for copy in copies)
    listed = (await http.get("/v1/copy?status=needs_review&order=risk")).json()["items"]
    assert [copy["id"] for copy in listed] == seen
    newest = (await http.get("/v1/copy?limit=1")).json()["next_cursor"]
    is_problem(await http.get(f"/v1/copy?order=risk&cursor={newest}"), 422)


async def test_copy_is_found_by_words_and_claims(http, copies):
    await an_edit(http, copies[0], "<p>It is waterproof to the last.</p>")

    async def found(**asked):
        return {c["id"] for c in (await http.get("/v1/copy", params=asked)).json()["items"]}

    assert await found(text="WATERPROOF to") == {copies[0]["id"]}
    assert await found(text="to the las") == {copies[0]["id"]}
    assert await found(claim="waterproof") == {copies[0]["id"]}
    assert await found(text="aterproof") == set()
    assert await found(text="to waterproof") == set()
    assert await found(check="grounding") == {copies[0]["id"]}
    assert await found(category="clothing > t-shirts") == {copy["id"] for copy in copies}
    assert await found(category="clothing > t") == set()
    assert await found(text="… !") == set()


async def test_copies_are_assigned_and_stay_so_when_edited(http, copies):
    body = {"ids": [{"id": copies[0]["id"]}, {"id": "cp_nope"}], "assignee": "Ada"}
    assert (await http.post("/v1/copy/assign", json=body)).json() == {"assigned": 1}
    edited = await an_edit(http, copies[0], "<p>Organic cotton.</p>")
    (mine,) = (await http.get("/v1/reviews/queue?assignee=Ada")).json()["items"]
    assert (mine["copy"]["id"], mine["copy"]["version"], mine["assignee"]) == (copies[0]["id"], 2, "Ada")
    assert edited["version"] == 2
    back = {"query": {"assignee": "Ada"}, "assignee": None}
    assert (await http.post("/v1/copy/assign", json=back)).json() == {"assigned": 1}
    assert (await http.get("/v1/copy?assignee=Ada")).json()["items"] == []


async def test_each_of_many_has_its_own_answer(http, copies):
    await an_edit(http, copies[1], "<p>It is waterproof.</p>")
    ids = [
        {"id": copies[0]["id"], "version": 1},
        {"id": copies[1]["id"]},
        {"id": copies[2]["id"], "version": 7},
        {"id": "cp_nope"},
    ]
    answer = (await http.post("/v1/copy/approve", json={"ids": ids})).json()
    assert [item["done"] for item in answer["items"]] == [True, False, False, False]
    assert (answer["done"], answer["refused"]) == (1, 3)
    assert answer["items"][0]["status"] == "approved"
    problems = [item["problem"] for item in answer["items"][1:]]
    assert [problem["status"] for problem in problems] == [409, 412, 404]
    assert "waterproof" in problems[0]["detail"]
    again = (await http.post("/v1/copy/approve", json={"ids": ids[:1]})).json()["items"][0]
    assert (again["done"], again["already"]) == (True, True)
    rest = (await http.post("/v1/copy/reject", json={"query": {"sku": "TS-3"}, "reason": "dull"})).json()
    assert [(item["id"], item["status"]) for item in rest["items"]] == [(copies[3]["id"], "rejected")]
    shelf = (await http.post("/v1/copy/publish", json={"query": {}})).json()
    assert [(item["id"], item["status"]) for item in shelf["items"]] == [(copies[0]["id"], "published")]
    deeds = (await http.get(f"/v1/audit?subject=copy:{copies[3]['id']}")).json()["items"]
    assert any(deed["action"] == "review.reject" and deed["after"]["reason"] == "dull" for deed in deeds)


@pytest.mark.parametrize(
    "body",
    [{}, {"ids": []}, {"ids": [{"id": "a"}], "query": {}}, {"query": {"colour": "red"}}, {"ids": ["a"]}],
)
async def test_a_selection_that_is_none(http, body):
    is_problem(await http.post("/v1/copy/approve", json=body), 422)


async def test_a_refusal_names_the_ways_out_with_their_calls(http, copies):
    await an_edit(http, copies[0], "<p>It is waterproof.</p>")
    refused = is_problem(await http.post(f"/v1/copy/{copies[0]['id']}/approve"), 409)
    (sentence,) = [s for s in refused["sentences"] if s["text"] == "It is waterproof."]
    ways = {way["way"]: way for way in sentence["ways_out"]}
    assert set(ways) == {"attest", "edit", "dispute"}
    method, path = ways["attest"]["call"].split()
    attested = {**ways["attest"]["body"], "evidence": "test report 7"}
    assert (await http.request(method, path, json=attested)).status_code in (200, 201)
    assert (await http.post(f"/v1/copy/{copies[0]['id']}/approve")).status_code == 200


async def test_a_contradicted_claim_is_put_right_by_the_fact_alone(http, stock):
    await stock.tee(attributes={"weight": "200 g", "material": "cotton"})
    copy = await stock.copy()
    await an_edit(http, copy, "<p>It weighs 350 g.</p>")
    refused = is_problem(await http.post(f"/v1/copy/{copy['id']}/approve"), 409)
    (sentence,) = [s for s in refused["sentences"] if s["text"] == "It weighs 350 g."]
    assert sentence["verdict"] == "contradicted"
    assert {way["way"] for way in sentence["ways_out"]} == {"correct_fact", "edit", "dispute"}


async def test_a_dispute_is_kept_as_a_case(http, copies):
    copy = await an_edit(http, copies[0], "<p>It is waterproof. It is of organic cotton.</p>")
    call = f"/v1/copy/{copy['id']}/dispute"
    said = {"field": "description_html", "sentence": "It is waterproof.", "reason": "It says so on the tag."}
    case = (await http.post(call, json=said)).json()
    assert (case["verdict"], case["copy_id"], case["sku"]) == ("unsupported", copy["id"], "TS-0")
    assert case["claims"][0]["text"] == "waterproof"
    assert any(fact["name"] == "material" for fact in case["facts"])
    assert (await http.post(call, json=said)).json()["id"] == case["id"]
    assert [c["id"] for c in (await http.get("/v1/disputes")).json()["items"]] == [case["id"]]
    lines = (await http.get("/v1/disputes/export")).text.splitlines()
    assert [json.loads(line)["id"] for line in lines] == [case["id"]]
    # The next text with these words is looked at more closely.
    other = await an_edit(http, copies[1], "<p>It is waterproof.</p>")
    (queued,) = (await http.get("/v1/reviews/queue?sku=TS-1")).json()["items"]
    assert queued["copy"]["version"] == other["version"]
    assert "disputed: waterproof" in queued["reasons"]
    # Where the setting does not allow it, nobody approves over it.
    is_problem(await http.post(f"/v1/copy/{copy['id']}/approve"), 409)
    is_problem(await http.post(call, json={**said, "sentence": "It floats."}), 422)
    is_problem(await http.post(call, json={**said, "field": "poem"}), 422)
    fine = next(s for s in copy["sentences"] if s["verdict"] == "supported")
    is_problem(await http.post(call, json={**said, "field": fine["field"], "sentence": fine["text"]}), 409)


async def test_a_sample_that_passes_approves_the_rest(http, copies):
    drawn = await http.post("/v1/reviews/samples", json={"query": {}, "size": 2, "seed": 7})
    assert drawn.status_code == 201, drawn.text
    sample = drawn.json()
    assert (sample["population"], sample["size"], sample["seed"], sample["sure"]) == (5, 2, 7, None)
    ids = [copy["id"] for copy in sample["items"]]
    changed = next(copy for copy in copies if copy["id"] not in ids)
    await an_edit(http, changed, "<p>Organic cotton.</p>")
    call = f"/v1/reviews/samples/{sample['id']}/decide"
    is_problem(await http.post(call, json={"approved": ids[:1]}), 422)
    is_problem(await http.post(call, json={"approved": [*ids, changed["id"]]}), 422)
    decided = (await http.post(call, json={"approved": ids})).json()
    assert (decided["status"], decided["approved"]) == ("passed", 4)
    assert list(decided["refused"]) == [changed["id"]]
    assert "version 2" in decided["refused"][changed["id"]]
    assert decided["sure"]["defects"] == pytest.approx(1 - 0.05 ** (1 / 2))
    assert len((await http.get("/v1/copy?status=approved")).json()["items"]) == 4
    assert (await http.post(call, json={"approved": ids})).json()["approved"] == 4
    is_problem(await http.post(call, json={"approved": ids[:1], "rejected": ids[1:]}), 409)
    kept = (await http.get("/v1/reviews/samples")).json()["items"]
    assert [(one["id"], one["decided_by"]) for one in kept] == [(sample["id"], "local")]
    assert len((await http.get(f"/v1/reviews/samples/{sample['id']}")).json()["versions"]) == 5


async def test_a_sample_that_fails_approves_nothing_else(http, copies):
    sample = (await http.post("/v1/reviews/samples", json={"query": {}, "size": 2})).json()
    good, bad = (copy["id"] for copy in sample["items"])
    body = {"approved": [good], "rejected": [{"id": bad, "reason": "dull"}]}
    decided = (await http.post(f"/v1/reviews/samples/{sample['id']}/decide", json=body)).json()
    assert (decided["status"], decided["approved"]) == ("failed", 1)
    assert decided["decisions"] == {good: "approved", bad: "rejected: dull"}
    assert "nothing beyond the sample" in decided["detail"]
    states = [copy["status"] for copy in (await http.get("/v1/copy")).json()["items"]]
    assert sorted(states) == ["approved", "needs_review", "needs_review", "needs_review", "rejected"]
    is_problem(await http.post("/v1/reviews/samples", json={"query": {}, "size": 4}), 422)
    is_problem(await http.get("/v1/reviews/samples/sa_nope"), 404)


async def sheet_of(http):
    answer = await http.get("/v1/reviews/export")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == XLSX
    return openpyxl.load_workbook(io.BytesIO(answer.content))


async def sent(http, book):
    out = io.BytesIO()
    book.save(out)
    answer = await http.post("/v1/reviews/imports", files={"file": ("sheet.xlsx", out.getvalue(), XLSX)})
    assert answer.status_code == 200, answer.text
    return answer.json()


def rows_of(book):
    sheet = book.worksheets[0]
    names = [cell.value for cell in sheet[1]]
    return [dict(zip(names, row, strict=True)) for row in sheet.iter_rows(min_row=2)]


async def test_a_sheet_goes_out_and_its_decisions_come_in_once(http, copies):
    await http.post(f"/v1/copy/{copies[4]['id']}/approve")
    await an_edit(http, copies[3], "<p>=HYPERLINK(1)</p>")
    await http.patch(f"/v1/copy/{copies[3]['id']}", json={"fields": {"title": "=1+1 Tee"}})
    book = await sheet_of(http)
    rows = rows_of(book)
    assert {row["copy id"].value for row in rows} == {copy["id"] for copy in copies[:4]}
    (formula,) = [row["new text"] for row in rows if "=1+1" in str(row["new text"].value)]
    assert (formula.value, formula.data_type) == ("'=1+1 Tee", "s")
    assert any(
        v.formula1 == '"approve,reject,edit"' for v in book.worksheets[0].data_validations.dataValidation
    )

    def of(n, field="title"):
        (row,) = [r for r in rows if r["copy id"].value == copies[n]["id"] and r["field"].value == field]
        return row

    of(0)["decision"].value = "Approve"
    of(1)["decision"].value = "edit"
    of(1)["new text"].value = "Meadow Tee in Organic Cotton"
    of(2)["decision"].value, of(2)["comment"].value = "reject", "dull"
    of(3)["decision"].value = "perhaps"
    report = await sent(http, book)
    assert report["copies"] == {"approved": 1, "edited": 1, "rejected": 1, "invalid": 1}
    assert any("perhaps" in row["detail"] for row in report["rows"])
    states = {c["id"]: c for c in (await http.get("/v1/copy")).json()["items"]}
    assert states[copies[0]["id"]]["status"] == "approved"
    assert states[copies[1]["id"]]["fields"]["title"] == "Meadow Tee in Organic Cotton"
    assert states[copies[1]["id"]]["version"] == 2
    assert states[copies[2]["id"]]["status"] == "rejected"
    again = await sent(http, book)
    assert again["copies"] == {"already": 3, "invalid": 1}
    assert {c["id"]: c for c in (await http.get("/v1/copy")).json()["items"]} == states


async def test_rows_that_cannot_be_carried_out_are_told_of(http, copies):
    book = await sheet_of(http)
    rows = rows_of(book)
    mine = {copy["id"]: [row for row in rows if row["copy id"].value == copy["id"]] for copy in copies}
    old, changed, two, strange, none = (mine[copy["id"]] for copy in copies)
    await an_edit(http, copies[0], "<p>Organic cotton.</p>")
    old[0]["decision"].value = "approve"
    changed[0]["new text"].value = "Another text"
    two[0]["decision"].value, two[1]["decision"].value = "approve", "reject"
    for row in strange:
        row["copy id"].value = "cp_nope"
    strange[0]["decision"].value = "approve"
    none[0]["decision"].value = "edit"
    report = await sent(http, book)
    assert report["copies"] == {"conflict": 1, "invalid": 3, "unknown": 1}
    said = {row["id"]: row["detail"] for row in report["rows"]}
    assert "version 2" in said[copies[0]["id"]]
    assert "write edit" in said[copies[1]["id"]]
    assert "agree" in said[copies[2]["id"]]
    assert "as it was" in said[copies[4]["id"]]


@pytest.mark.parametrize("content", [b"", b"no sheet", b"PK\x03\x04 broken"])
async def test_a_file_that_is_no_sheet(http, content):
    is_problem(await http.post("/v1/reviews/imports", files={"file": ("a.xlsx", content, XLSX)}), 422)


async def test_a_sheet_without_its_columns(http):
    book = openpyxl.Workbook()
    book.active.append(["copy id", "decision"])
    out = io.BytesIO()
    book.save(out)
    answer = await http.post("/v1/reviews/imports", files={"file": ("a.xlsx", out.getvalue(), XLSX)})
    assert "version" in is_problem(answer, 422)["detail"]


async def test_feedback_is_kept_with_its_context_and_summed_up(http, copies):
    for copy in copies[:3]:
        await an_edit(http, copy, "<p>A stunning must-have for everyone.</p>")
        await an_edit(http, copy, "<p>Organic cotton.</p>")
    answer = await http.post(f"/v1/copy/{copies[4]['id']}/feedback", json={"rating": -1, "reason": "dull"})
    assert answer.status_code == 201
    is_problem(await http.post(f"/v1/copy/{copies[4]['id']}/feedback", json={"rating": 0}), 422)
    is_problem(await http.post("/v1/copy/cp_nope/feedback", json={"rating": 1}), 404)
    stories = [json.loads(line) for line in (await http.get("/v1/feedback/export")).text.splitlines()]
    assert [story["kind"] for story in stories] == ["rating"] + ["edit"] * 6
    edit = stories[1]
    assert edit["draft"]["description_html"] == copies[2]["fields"]["description_html"]
    assert edit["final"]["description_html"] == "<p>Organic cotton.</p>"
    assert edit["removed"] == ["A stunning must-have for everyone."]
    assert edit["template"].startswith("product_description@")
    assert edit["template_hash"]
    assert edit["facts"]
    summary = (await http.get("/v1/feedback/summary")).json()
    assert (summary["ratings"], summary["edits"], summary["complete"]) == (1, 6, True)
    (template,) = summary["templates"]
    assert (template["bad"], template["edited_copies"]) == (1, 3)
    assert template["edited_away"][0]["products"] == 3
    assert [group["name"] for group in summary["categories"]] == ["Clothing > T-Shirts"]
    struck = next(one for one in summary["struck"] if "stunning" in one["phrase"])
    assert struck["products"] == 3
    rule = await http.post(
        "/v1/feedback/rules", json={"phrase": struck["phrase"], "reason": "struck out of 3 products"}
    )
    assert rule.status_code == 201, rule.text


async def test_reviewing_needs_its_role(http, stock, copies):
    admin = await stock.key()
    merchandiser = {
        "Authorization": "Bearer "
        + (await http.post("/v1/keys", json={"role": "merchandiser", "name": "Mo"}, headers=admin)).json()[
            "key"
        ]
    }
    ids = {"ids": [{"id": copies[0]["id"]}]}
    for call, body in (
        ("/v1/copy/approve", ids),
        ("/v1/copy/publish", ids),
        ("/v1/reviews/samples", {"query": {}, "size": 1}),
    ):
        is_problem(await http.post(call, json=body, headers=merchandiser), 403)
    assert (
        await http.post("/v1/copy/assign", json={**ids, "assignee": "Mo"}, headers=merchandiser)
    ).is_success
    is_problem(await http.get("/v1/reviews/export"), 401)

"""`shelftalker keys …` and `shelftalker db …`."""

import json
import sqlite3
from datetime import datetime, timedelta

import pytest


def test_a_key_is_printed_once_and_alone(cli):
    made = cli("keys", "create", "--role", "reviewer", "--name", "Ada")
    assert made.code == 0
    key = made.out.strip()
    assert key.startswith("st_")
    assert key not in made.err
    listed = cli("keys", "list")
    assert "Ada" in listed.out
    assert key not in listed.out
    key_id = cli("keys", "list", "--json").document["items"][0]["id"]
    assert cli("keys", "revoke", key_id).code == 0
    assert cli("keys", "list", "--json").document["items"][0]["revoked_at"]


def test_an_unknown_role_is_answered_with_the_known_ones(cli):
    answer = cli("keys", "create", "--role", "king", "--name", "Ada")
    assert answer.code == 2
    assert "merchandiser" in answer.err


def test_an_unknown_key(cli):
    assert cli("keys", "revoke", "nothing").code == 2


def test_the_database_is_brought_up_to_date(cli):
    assert cli("db", "upgrade").code == 0
    assert cli("db", "upgrade", "--json").document["schema"]


def test_an_unreachable_database_is_code_3(cli, monkeypatch):
    monkeypatch.setenv("SHELFTALKER_DATABASE_URL", "postgresql://nobody:secret@127.0.0.1:1/none")
    answer = cli("keys", "list", "--json")
    assert answer.code == 3
    assert answer.document["error"]["dependency"] == "database"
    assert "secret" not in answer.err + answer.out


def test_a_key_is_given_out_on_terms_and_rotated(cli):
    made = cli(
        *("keys", "create", "--role", "storefront", "--name", "Shop", "--expires", "90d", "--json"),
        *("--origin", "https://shop.example", "--per-minute", "500"),
    ).document
    assert made["origins"] == ["https://shop.example"]
    assert made["rate_per_minute"] == 500
    lives = datetime.fromisoformat(made["expires_at"]) - datetime.fromisoformat(made["created_at"])
    assert abs(lives - timedelta(days=90)) < timedelta(minutes=1)
    new = cli("keys", "rotate", made["id"], "--overlap", "30m", "--json").document
    assert (new["replaces"], new["origins"]) == (made["id"], made["origins"])
    old, _ = cli("keys", "list", "--json").document["items"]
    left = datetime.fromisoformat(old["expires_at"]) - datetime.fromisoformat(new["created_at"])
    assert left == timedelta(minutes=30)
    assert cli("keys", "rotate", made["id"]).code == 1
    assert "Expires" in cli("keys", "list").out


@pytest.mark.parametrize("when", ["soon", "90x", "2020-01-01", "-5d"])
def test_a_time_that_is_none_or_past_is_refused(cli, when):
    answer = cli("keys", "create", "--role", "server", f"--expires={when}")
    assert answer.code == 2
    assert "Traceback" not in answer.err


def test_the_audit_is_read_exported_and_verified(cli):
    key = cli("keys", "create", "--role", "admin", "--name", "Ada", "--json").document
    cli("keys", "revoke", key["id"])
    assert cli("audit").out.count("key.") == 2
    items = cli("audit", "--json").document["items"]
    assert [(e["id"], e["action"], e["subject"]) for e in items] == [
        (2, "key.revoke", f"key:{key['id']}"),
        (1, "key.create", f"key:{key['id']}"),
    ]
    assert [
        e["id"] for e in cli("audit", "--action", "key.create", "--since", "1h", "--json").document["items"]
    ] == [1]
    assert cli("audit", "--since", "never").code == 2
    lines = [json.loads(line) for line in cli("audit", "export").out.splitlines()]
    assert lines == items[::-1]
    assert cli("audit", "export", "--after", "2").out == ""
    verdict = cli("audit", "verify", "--json")
    assert verdict.code == 0
    assert verdict.document["last_hash"] == items[0]["hash"]
    assert key["key"] not in cli("audit").out + cli("audit", "export").out


def test_a_hole_in_the_audit_is_code_1(cli, tmp_path):
    for name in ("Ada", "Bob"):
        cli("keys", "create", "--role", "admin", "--name", name)
    with sqlite3.connect(tmp_path / "data" / "shelftalker.db") as connection:
        connection.execute("DROP TRIGGER audit_no_delete")
        connection.execute("DELETE FROM audit WHERE id = 1")
    answer = cli("audit", "verify")
    assert answer.code == 1
    assert "entry 1 is missing" in answer.out

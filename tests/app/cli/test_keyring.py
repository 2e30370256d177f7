"""`shelftalker keys …` and `shelftalker db …`."""


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

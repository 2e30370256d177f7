"""Where a Milvus server is: what a milvus:// URL says. Nothing heavy is imported here, for whoever checks settings."""

from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

_DEFAULT_PORT = 19530


@dataclass(frozen=True, slots=True)
class MilvusPlace:
    """Where collections live: what `milvus://user:password@host:port/database?tls=true` says."""

    uri: str
    user: str = ""
    password: str = field(default="", repr=False)
    database: str = ""

    @property
    def in_process(self) -> bool:
        """Whether it is a file of the in-process edition."""
        return not self.uri.startswith("http")


def milvus_place(url: str) -> MilvusPlace:
    """Read a `milvus://` URL; `milvus:///folder/file.db` is the in-process edition's file.

    Raises ValueError, which does not repeat the URL, for anything else.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port or _DEFAULT_PORT
    except ValueError as error:  # a port that is no number, half an IPv6 address
        raise ValueError(f"not a milvus:// URL: {_harmless(error)}") from None
    if parts.scheme != "milvus":
        raise ValueError("an index in Milvus is named by milvus://host:port")
    query = parse_qs(parts.query, keep_blank_values=True)
    if unknown := sorted(query.keys() - {"tls"}):
        raise ValueError(f"milvus://…?{unknown[0]}: only tls=true or tls=false can stand there")
    if not parts.hostname:
        if not parts.path.endswith(".db") or parts.netloc:
            raise ValueError("milvus:///…: the file of the in-process edition ends with .db")
        return MilvusPlace(unquote(parts.path))
    if bool(parts.username) != bool(parts.password):
        raise ValueError("milvus://…: user and password go together")
    tls = query.get("tls", ["false"])[-1].lower()
    if tls not in {"true", "false", "1", "0", "yes", "no"}:
        raise ValueError("milvus://…?tls=: true or false")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return MilvusPlace(
        uri=f"{'https' if tls in {'true', '1', 'yes'} else 'http'}://{host}:{port}",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        database=unquote(parts.path.strip("/")),
    )


def _harmless(error: ValueError) -> str:
    """What is wrong with a URL, without its words: they may be a password that was not escaped."""
    return "the port is no number" if "port" in str(error).lower() else "it cannot be read"

"""Which encoding a file is in: one quick pass over its bytes, so that nothing fails half-way through."""

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from app.catalog.feeds.kinds import advice, binary_kind
from app.errors import Invalid

MAX_LINE_BYTES = 8 * 1024**2
SAMPLE_BYTES = 64 * 1024
_CHUNK = 1024**2
_EVIDENCE = 256 * 1024  # bytes of lines that are not UTF-8, for guessing what they are
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Legacy encodings of shop exports; the guess is among these only.
_LEGACY = """
    cp1252 cp1250 cp1251 cp1253 cp1254 cp1257 iso8859_2 koi8_r mac_roman cp850 shift_jis euc_jp
    gb18030 big5 cp949
""".split()  # noqa: SIM905 - a list of short words reads better so
# Characters of Western European text in cp1252. Others (ÿ, þ, ¤, ¦ …) are possible, and rare.
_WESTERN = frozenset(
    "äöüßÄÖÜéèêëÉÈÊËàâæçîïôœùûÀÂÆÇÎÏÔŒÙÛáíóúñÁÍÓÚÑ¿¡ãõÃÕåøÅØìòÌÒš ž–—‘’‚“”„•…€£™®©°±²³·×½¼¾«»´µ§º\xa0\xad"
)
_CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")


@dataclass(frozen=True, slots=True)
class Scan:
    """What one pass over the bytes showed.

    `damaged`: some bytes are not valid in `encoding`, or may be NUL; rows are to be looked at.
    """

    size: int
    head: bytes
    encoding: str
    bom: bool = False
    damaged: bool = False


def scan(path: Path) -> Scan:
    """Reads the whole file once, a chunk at a time.

    Raises `Invalid` for an empty or binary file, one that is text in no known encoding, or a line over 8 MB
    (XML and JSON arrays excepted, whose readers have their own limits).
    """
    with path.open("rb") as file:
        head = file.read(SAMPLE_BYTES)
    size = path.stat().st_size
    if not head.strip(b" \t\r\n\xef\xbb\xbf\xff\xfe\x00"):
        raise Invalid(
            "The file is empty." if not head.strip(b"\x00") else "The file holds nothing but white space."
        )
    if kind := binary_kind(head):
        raise Invalid(f"The file is {kind}, not a product feed. {advice(kind)}")
    encoding = next((name for bom, name in _BOMS if head.startswith(bom)), None)
    bom = encoding is not None
    encoding = encoding or _utf16_without_bom(head)
    if encoding is None and _is_binary(head):
        raise Invalid(
            "The file is binary data, not a product feed. Expected a CSV, TSV, XML or JSON Lines product feed."
        )
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    nested = start.startswith(b"<") or re.match(rb"\[\s*\{", start) is not None  # may stand on one line
    through = _read_through(path, encoding or "utf-8", lines=not nested)
    if through.valid:
        return Scan(size, head, encoding or "utf-8", bom, damaged=through.nul)
    if encoding in {"utf-16", "utf-16-le", "utf-16-be", "utf-32"}:
        raise Invalid(
            f"The file starts as {encoding.upper()} and then stops being that; it is cut or damaged."
        )
    return _not_utf8(path, size, head, bom=bom)


def _utf16_without_bom(head: bytes) -> str | None:
    pairs = len(head) // 2
    if pairs < 2 or b"\x00" not in head:
        return None
    if head[1::2].count(0) > 0.4 * pairs > head[0::2].count(0) * 4:
        return "utf-16-le"
    if head[0::2].count(0) > 0.4 * pairs > head[1::2].count(0) * 4:
        return "utf-16-be"
    return None


def _is_binary(head: bytes) -> bool:
    return head.count(0) > len(head) / 1000 or len(_CONTROLS.findall(head)) > max(2, len(head) / 100)


@dataclass(frozen=True, slots=True)
class _Through:
    """Whether all bytes decode, and whether there is a zero among them (in UTF-16 there always is)."""

    valid: bool
    nul: bool


def _read_through(path: Path, encoding: str, *, lines: bool) -> _Through:
    """One pass over the whole file; also where the limit on lines is kept."""
    decoder = codecs.getincrementaldecoder(encoding)()
    valid, nul, since, line = True, False, 0, 1
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            nul = nul or b"\x00" in chunk
            last = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
            since = since + len(chunk) if last < 0 else len(chunk) - last - 1
            line += chunk.count(b"\n")
            if lines and since > MAX_LINE_BYTES:
                raise Invalid(
                    f"Line {line} is longer than {MAX_LINE_BYTES // 1024**2} MB; that is no product feed."
                )
            valid = valid and _decodes_on(decoder, chunk)
    return _Through(valid and _decodes_on(decoder, b""), nul)


def _decodes_on(decoder: codecs.IncrementalDecoder, chunk: bytes) -> bool:
    try:
        decoder.decode(chunk, not chunk)
    except UnicodeDecodeError:
        return False
    return True


def _not_utf8(path: Path, size: int, head: bytes, *, bom: bool) -> Scan:
    """UTF-8 with a few broken lines, or another encoding; `Invalid` where it makes text in none."""
    good = bad = first = 0
    evidence = bytearray()
    with path.open("rb") as file:
        for number, line in enumerate(iter(lambda: file.readline(MAX_LINE_BYTES), b""), start=1):
            if line.isascii():
                continue
            try:
                line.decode("utf-8")
                good += 1
            except UnicodeDecodeError:
                bad += 1
                first = first or number
                if len(evidence) < _EVIDENCE:
                    evidence += line
    if bom or good > bad:
        return Scan(size, head, "utf-8-sig" if bom else "utf-8", bom, damaged=True)
    declared = re.match(rb"\s*<\?xml[^>]*encoding=[\"']([\w.\-]+)[\"']", head)
    if declared and _decodes(bytes(evidence), declared[1].decode()):
        return Scan(size, head, declared[1].decode())
    encoding = _legacy(bytes(evidence))
    if encoding is None:
        raise Invalid(
            f"The text is neither UTF-8 (line {first}) nor in any other known encoding. Save it as UTF-8."
        )
    return Scan(size, head, encoding, damaged=encoding != "cp1252" or not _decodes(bytes(evidence), encoding))


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def _legacy(evidence: bytes) -> str | None:
    """The legacy encoding in which these bytes are text, cp1252 first, since most exports are."""
    western = [c for c in evidence.decode("cp1252", errors="replace") if not c.isascii()]
    if western and sum(c in _WESTERN for c in western) >= 0.8 * len(western):
        return "cp1252"
    from charset_normalizer import from_bytes  # noqa: PLC0415 - only for files in rare encodings

    best = from_bytes(evidence, cp_isolation=list(_LEGACY), threshold=0.15).best()
    # A guess needs enough to go by: from a handful of bytes every table of characters makes something.
    if best is None or len(western) < 12 or not best.could_be_from_charset:
        return None
    return str(best.encoding)

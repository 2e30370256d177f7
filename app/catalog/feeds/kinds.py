"""What a file that is no feed seems to be, by its first bytes."""

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF", "a PDF document"),
    (b"\x7fELF", "an executable program"),
    (b"MZ\x90", "an executable program"),
    (b"\xca\xfe\xba\xbe", "an executable program"),
    (b"\xcf\xfa\xed\xfe", "an executable program"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Office document (XLS)"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"\x1f\x8b", "gzip inside gzip"),
    (b"SQLite format 3", "an SQLite database"),
    (b"PAR1", "a Parquet file"),
    (b"\x00asm", "a WebAssembly program"),
    (b"ID3", "an MP3 file"),
    (b"OggS", "an Ogg media file"),
    (b"{\\rtf", "an RTF document"),
)


def binary_kind(head: bytes) -> str | None:
    """What binary format `head` opens ("a PNG image"), or None where it may be text."""
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return name
    if head.startswith(b"PK\x03\x04"):
        office = b"[Content_Types].xml" in head or b"xl/" in head
        return "an Excel workbook (XLSX)" if office else "a ZIP archive"
    if head.startswith(b"RIFF") and head[8:12] in {b"WEBP", b"WAVE", b"AVI "}:
        return "a media file"
    if head[4:8] == b"ftyp":
        return "a video or image file"
    if head[257:262] == b"ustar":
        return "a tar archive"
    return None


def advice(kind: str) -> str:
    """What to do instead, in one sentence."""
    if "Excel" in kind:
        return "Save the sheet as CSV (UTF-8) and import that."
    if "archive" in kind or "gzip" in kind:
        return "Unpack it and import the feed inside; a single gzip file (.gz) is read as it is."
    return "Expected a CSV, TSV, XML or JSON Lines product feed."

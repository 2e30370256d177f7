"""Google Merchant feeds as RSS 2.0, RSS 1.0 or Atom, with the `g:` namespace."""

import re
from collections.abc import Iterator
from functools import partial
from typing import Any, BinaryIO

from app.catalog.feeds.collect import READING_SHARE, Reading, by_parent
from app.catalog.feeds.columns import fold, vocabulary
from app.catalog.feeds.errors import RowError
from app.catalog.feeds.flat import Flat, entry_of
from app.catalog.feeds.generic import PRODUCT_FIELDS
from app.catalog.feeds.google_lists import left_in_rows
from app.catalog.feeds.layout import own_name
from app.catalog.feeds.records import Items, SourceRow
from app.catalog.feeds.source import Source
from app.catalog.product import AttributeValue
from app.errors import Invalid

_G = "{http://base.google.com/ns/1.0}"
_ITEMS = frozenset({"item", "entry"})
_STRUCTURED = frozenset({"structured_title", "structured_description"})
_LONGEST_ITEM = 16 * 1024**2
_DECLARED = re.compile(rb"<\?xml[^>]*encoding=[\"']([\w.\-]+)[\"']")


def read(source: Source) -> Items:
    """Products of an XML feed. The whole file is parsed before the first product is handed out.

    Raises `Invalid` for XML that is malformed, declares entities, has an item over 16 MB or none at all. Nothing
    outside the file is ever fetched.
    """
    left: dict[str, None] = {}
    yield from by_parent(source, source.in_own_words(_items(source)), partial(_read_item, left=left))
    yield from left_in_rows(left, 1)


class _Bounded:
    """A file for the parser that refuses to grow one element for ever."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._since = 0

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        data = self._raw.read(size)
        self._since += len(data)
        if self._since > _LONGEST_ITEM:
            raise Invalid(
                f"The XML has an element longer than {_LONGEST_ITEM // 1024**2} MB; that is no product feed."
            )
        return data

    def item_ended(self) -> None:
        """An item is done; counting starts again."""
        self._since = 0


def _items(source: Source) -> Iterator[SourceRow]:
    from lxml import etree  # noqa: PLC0415 - a native library that only XML feeds need

    found = False
    with source.path.open("rb") as raw:
        total = max(source.progress.total, 1)
        source.progress.follow(lambda: 0 if raw.closed else raw.tell() / total, share=READING_SHARE)
        encoding = _encoding(source, raw.read(200))
        raw.seek(0)
        file = _Bounded(raw)
        try:
            parsed = etree.iterparse(
                file,
                ("end",),
                resolve_entities=False,
                no_network=True,
                load_dtd=False,
                huge_tree=False,
                encoding=encoding,
            )
            for _, element in parsed:
                _refuse_entities(element)
                if not isinstance(element.tag, str) or _local(element.tag) not in _ITEMS:
                    continue
                found = True
                text = etree.tostring(element, encoding="unicode", with_tail=False)
                yield SourceRow(element.sourceline or 0, (text,))
                _forget(element)
                file.item_ended()
        except etree.XMLSyntaxError as error:
            raise Invalid(_malformed(error)) from None
    if not found:
        raise Invalid("The XML feed has no product: no <item> or <entry> in it.")
    source.progress.reached(READING_SHARE)


def _malformed(error: Any) -> str:
    detail = re.sub(r", line \d+, column \d+.*", "", str(error.msg or "no element found"))
    hint = (
        ' Declare it on the root: xmlns:g="http://base.google.com/ns/1.0".' if "prefix g " in detail else ""
    )
    return f"The XML is malformed on line {error.lineno}: {detail}.{hint}"


def _encoding(source: Source, head: bytes) -> str | None:
    """The encoding to read with where the XML declares none, or UTF-8 that it is not."""
    declared = _DECLARED.search(head)
    if source.encoding.startswith("utf") or (declared and declared[1].lower() not in {b"utf-8", b"utf8"}):
        return None
    return source.encoding.replace("cp125", "windows-125")


def _refuse_entities(element: Any) -> None:
    """No feed needs entities of its own; they are how XML is made to explode."""
    if element.getprevious() is None and (dtd := element.getroottree().docinfo.internalDTD) is not None:
        name = next((entity.name for entity in dtd.iterentities()), None)
        if name is not None:
            raise Invalid(
                f"The XML declares the entity {name!r}; feeds with entities of their own are refused."
            )


def _forget(element: Any) -> None:
    """Gives back the memory of an element and of what stands before it."""
    element.clear()
    while (before := element.getprevious()) is not None:
        before.getparent().remove(before)


def _read_item(row: SourceRow, *, left: dict[str, None]) -> Reading:
    """An item as a product; the names of what stays in its source row go to `left`."""
    from lxml import etree  # noqa: PLC0415 - as above

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        element = etree.fromstring(row.cells[0], parser)
    except etree.XMLSyntaxError as error:
        raise RowError(_malformed(error)) from None
    section = vocabulary().google
    fields: dict[str, str] = {}
    images: list[str] = []
    titled = False
    attributes: dict[str, AttributeValue] = {}
    # Google's own elements come first: an Atom <id> is an address, its <g:id> the product number.
    children = [child for child in element if isinstance(child.tag, str)]
    for child in sorted(children, key=lambda c: not c.tag.startswith(_G)):
        name = _local(child.tag)
        if name == "product_detail":
            _add(attributes, *_detail(child))
            continue
        titled = titled or fold(name) in {"title", "structuredtitle"}
        value = _content(child, name)
        field = section.spellings.get(fold(name), ("", 0))[0]
        if not value:
            continue
        if field in {"image", "more_images"}:
            images.append(value)
        elif field in fields and field in {"product_type"}:
            continue
        elif field:
            fields.setdefault(field, value)
        elif fold(name) in section.source_only or len(child):
            left[name] = None
        else:
            _add(attributes, own_name(name), value)
    present = {n for f in fields for n in PRODUCT_FIELDS.get(f, (f,))} | ({"images"} if images else set())
    present |= {"attributes", *(f"attributes.{name}" for name in attributes)} if attributes else set()
    return Reading(
        entry_of(Flat(fields, tuple(attributes.items()), images, mark=".", titled=titled)), frozenset(present)
    )


def _content(child: Any, name: str) -> str:
    if name in _STRUCTURED:
        return next((c.text or "" for c in child if c.tag.endswith("content")), "").strip()
    if name == "link" and child.get("href"):
        return str(child.get("href")) if child.get("rel", "alternate") == "alternate" else ""
    if len(child):
        from lxml import etree  # noqa: PLC0415 - as above

        return (child.text or "") + "".join(etree.tostring(c, encoding="unicode") for c in child)
    return (child.text or "").strip()


def _detail(child: Any) -> tuple[str, str]:
    parts = {_local(c.tag): (c.text or "").strip() for c in child if isinstance(c.tag, str)}
    return parts.get("attribute_name", ""), parts.get("attribute_value", "")


def _local(tag: str) -> str:
    """A tag without its namespace or prefix."""
    return tag.rsplit("}", 1)[-1].rsplit(":", 1)[-1]


def _add(attributes: dict[str, AttributeValue], name: str, value: str) -> None:
    """A repeated element is a list."""
    if not name or not value:
        return
    held = attributes.get(name)
    if held is None:
        attributes[name] = value
    else:
        attributes[name] = (*held, value) if isinstance(held, tuple) else (held, value)

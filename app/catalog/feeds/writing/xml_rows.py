"""Where copy stands in the items of a Merchant feed in XML."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from app.catalog.feeds import text
from app.catalog.feeds.writing.rows import (
    DESCRIPTION,
    DIGITAL_SOURCE,
    STRUCTURED,
    TITLE,
    VARIANT_TITLE,
    RowSpots,
    Spot,
    Told,
)
from app.catalog.feeds.writing.tables import GOOGLE_DESCRIPTION, GOOGLE_TITLE

_G = "http://base.google.com/ns/1.0"
_NAMES = {
    "title": ("title", GOOGLE_TITLE),
    "description": ("description", GOOGLE_DESCRIPTION),
    "content": ("description", GOOGLE_DESCRIPTION),
    "summary": ("description", GOOGLE_DESCRIPTION),
}
_NAMESPACE = re.compile(r' xmlns(?::\w+)?="[^"]*"')


class XmlRows:
    """An item's title and description: of several elements for one of them, the one that the import reads.

    A text by a model stands in `g:structured_title` or `g:structured_description` in the place of the plain element.
    """

    def spots(self, cells: Sequence[str], before: str) -> RowSpots:  # noqa: ARG002 - as in RowFormat
        """The row's place is its `g:id`."""
        from lxml import etree  # noqa: PLC0415 - as below

        element = _parsed(cells[0])
        if element is None:
            return RowSpots("")
        found = _chosen(element)
        sku = text.unwrap(_content(found["id"])) if "id" in found else ""
        if sku in text.NOTHING:
            return RowSpots("")
        parent = _content(found["item_group_id"]) if "item_group_id" in found else ""
        titled = VARIANT_TITLE if parent not in text.NOTHING else TITLE
        spots = [
            Spot(
                name,
                titled if name == "title" else DESCRIPTION,
                name,
                _content(found[name]),
                item=sku if name == "title" else "",
                limit=_NAMES[name][1],
                raw=etree.tostring(found[name], encoding="unicode", with_tail=False),
            )
            for name in ("title", "description")
            if name in found
        ]
        return RowSpots(sku, tuple(spots))

    def filled(self, cells: Sequence[str], texts: Mapping[Spot, Told]) -> tuple[str, ...]:
        """The item with these texts in it."""
        from lxml import etree  # noqa: PLC0415 - a native library that only XML feeds need

        element = _parsed(cells[0])
        if element is None:
            return tuple(cells)
        found = _chosen(element)
        for spot, told in texts.items():
            child = found[spot.key]
            if told.by_model:
                new = etree.Element(f"{{{_G}}}{STRUCTURED}{spot.name}", nsmap={"g": _G})
                etree.SubElement(new, f"{{{_G}}}digital_source_type").text = DIGITAL_SOURCE
                etree.SubElement(new, f"{{{_G}}}content").text = told.text
            elif _local(child).startswith(STRUCTURED):
                new = etree.Element(f"{{{_G}}}{spot.name}", nsmap={"g": _G})
                new.text = told.text
            else:
                new = etree.Element(child.tag, nsmap=child.nsmap)
                new.text = told.text
            new.tail = child.tail
            element.replace(child, new)
        return (_told(element),)

    def restored(self, cells: Sequence[str], originals: Mapping[Spot, Spot]) -> tuple[str, ...]:
        """The item with these elements as they were."""
        element = _parsed(cells[0])
        if element is None:
            return tuple(cells)
        found = _chosen(element)
        for spot, original in originals.items():
            child, before = found[spot.key], _parsed(original.raw)
            if before is not None:
                before.tail = child.tail
                element.replace(child, before)
        return (_told(element),)


def _told(element: Any) -> str:
    from lxml import etree  # noqa: PLC0415 - as above

    etree.cleanup_namespaces(element, keep_ns_prefixes=["g"])
    return etree.tostring(element, encoding="unicode", with_tail=False)


def without_namespaces(item: str, head: str) -> str:
    """The item without the declarations of namespaces that the head of the feed makes for all items."""
    end = item.find(">")
    opening = _NAMESPACE.sub(lambda match: "" if match[0].strip() in head else match[0], item[:end])
    return opening + item[end:]


def _parsed(item: str) -> Any:
    from lxml import etree  # noqa: PLC0415 - as above

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, strip_cdata=False
    )
    try:
        return etree.fromstring(item, parser)
    except etree.XMLSyntaxError:
        return None


def _chosen(element: Any) -> dict[str, Any]:
    """Name → the child that the import reads for it: Google's own elements before others, the first of its kind."""
    found: dict[str, Any] = {}
    children = [child for child in element if isinstance(child.tag, str)]
    for child in sorted(children, key=lambda c: not c.tag.startswith(f"{{{_G}}}")):
        name = _local(child).removeprefix(STRUCTURED)
        name = _NAMES.get(name, (name, 0))[0]
        if (
            name in {"title", "description", "id", "item_group_id"}
            and (name not in found)
            and _content(child)
        ):
            found[name] = child
    return found


def _content(child: Any) -> str:
    if _local(child).startswith(STRUCTURED):
        return next(
            (c.text or "" for c in child if isinstance(c.tag, str) and _local(c) == "content"), ""
        ).strip()
    if len(child):
        from lxml import etree  # noqa: PLC0415 - as above

        return (child.text or "") + "".join(etree.tostring(c, encoding="unicode") for c in child)
    return (child.text or "").strip()


def _local(child: Any) -> str:
    return str(child.tag).rsplit("}", 1)[-1].rsplit(":", 1)[-1]

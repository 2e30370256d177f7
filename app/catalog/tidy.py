"""A product put by hand or by a program, made as clean as one that a feed brought."""

from collections.abc import Mapping
from dataclasses import replace

from app.catalog.feeds import text
from app.catalog.product import AttributeValue, Image, LocalizedText, Product
from app.errors import Invalid


def tidied(product: Product) -> Product:
    """Plain titles and values, safe HTML. Raises Invalid where nothing is left of the title or the SKU."""
    sku = product.sku.strip()
    if not sku or not sku.isprintable():
        raise Invalid("sku: 1 or more printable characters", pointer="/sku")
    title = text.title(product.title)
    if not title:
        raise Invalid("title: is needed, and must be more than markup", pointer="/title")
    return replace(
        product,
        sku=sku,
        title=title,
        description=text.description(product.description),
        brand=_plain(product.brand),
        category=tuple(part for part in map(text.plain, product.category) if part),
        images=tuple(Image(image.url, text.plain(image.alt)) for image in product.images),
        attributes=_attributes(product.attributes),
        variants=tuple(
            replace(v, options={text.plain(name): text.plain(value) for name, value in v.options.items()})
            for v in product.variants
        ),
        localized={
            locale: LocalizedText(
                title=_plain(words.title),
                description=None if words.description is None else text.description(words.description),
                attributes=_attributes(words.attributes),
                url=words.url,
            )
            for locale, words in product.localized.items()
        },
    )


def _plain(value: str | None) -> str | None:
    return None if value is None else text.plain(value) or None


def _attributes(attributes: Mapping[str, AttributeValue]) -> dict[str, AttributeValue]:
    """Lists stay lists and single values single: what was put is not taken apart."""
    return {
        name: text.plain(value) if isinstance(value, str) else tuple(map(text.plain, value))
        for name, value in ((text.plain(name), value) for name, value in attributes.items())
        if name
    }

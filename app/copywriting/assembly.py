"""From an order and a product to briefs, and from a written text to the copy that is stored; nothing here reads or writes."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime

from app.catalog.service import StoredProduct
from app.copywriting.copy import Angle, Brief, Copy, Subject
from app.copywriting.fact_choice import FactChoice, choose_for, facts_hash_of
from app.copywriting.pipeline import Written
from app.copywriting.request import Order
from app.copywriting.writers import angles_for
from app.errors import Conflict


@dataclass(frozen=True, slots=True)
class TextOrder:
    """One text to write: its place in the request and the hash that says whether it is current.

    `choice`: its facts, where documents take part; without any, choosing is left to who writes it.
    """

    angle: Angle | None
    variant: int
    request_hash: str
    choice: FactChoice | None = None


def brief_for(order: Order, stored: StoredProduct, angle: Angle | None, variant: int) -> Brief:
    """The brief for one text of an order."""
    product, request = stored.product, order.request
    return Brief(
        subject=Subject(
            sku=product.sku,
            title=product.title,
            brand=product.brand,
            category=product.category,
            images=tuple((image.url, image.alt) for image in product.images),
            variants=tuple((v.sku, v.options) for v in product.variants),
        ),
        facts=stored.facts,
        template=order.template.name,
        template_version=order.template.version,
        template_hash=order.template.hash,
        channel=request.channel,
        locale=request.locale,
        voice=order.voice.base,
        angle=angle,
        variant=variant,
        audience=request.audience,
        keyphrase=request.keyphrase,
        fields=request.fields,
        instructions=request.instructions,
        documents=stored.documents,
    )


async def texts_of(order: Order, stored: StoredProduct) -> list[TextOrder]:
    """The texts that an order asks for: each variant, of each angle that the facts carry where the template has angles.

    Choosing among the statements of large guides is a matter of a thread: the server goes on answering.
    """
    return await asyncio.to_thread(_texts_of, order, stored) if stored.documents else _texts_of(order, stored)


def _texts_of(order: Order, stored: StoredProduct) -> list[TextOrder]:
    angles: tuple[Angle | None, ...] = (order.angle,)
    if order.template.per_angle:
        carried = angles_for(brief_for(order, stored, None, 0))
        angles = tuple(a for a in carried if order.angle in (None, a))
    texts: list[TextOrder] = []
    for angle in angles:
        # Which facts, the variants of a text do not decide.
        choice = choose_for(brief_for(order, stored, angle, 0)) if stored.documents else None
        facts_hash = facts_hash_of(stored.facts_hash, choice) if choice else stored.facts_hash
        texts += (
            TextOrder(angle, variant, order.hash_for(facts_hash, angle, variant), choice)
            for variant in range(order.request.variants)
        )
    return texts


def nothing_to_say(order: Order, stored: StoredProduct) -> Conflict:
    """The error for an order that no fact of the product answers."""
    wanted = f"the angle {order.angle!r}" if order.angle else "any angle"
    return Conflict(
        f"the facts of {stored.product.sku} do not carry {wanted} of {order.template.name}; "
        "facts such as material, care, fit, use or colours would"
    )


def finished_copy(
    order: Order,
    stored: StoredProduct,
    text: TextOrder,
    stage: Written,
    copy_id: str,
    now: datetime,
    actor: str,
) -> Copy:
    """The stored form of a written text: clean ones go to review, the others stay drafts."""
    copy = Copy(
        id=copy_id,
        version=1,
        sku=stored.product.sku,
        template=order.template.name,
        template_version=order.template.version,
        variant=text.variant,
        locale=order.request.locale,
        channel=order.request.channel,
        voice=order.voice.name,
        angle=text.angle,
        status="draft",
        fields=stage.draft.fields,
        sentences=stage.sentences,
        facts=stage.facts,
        checks=stage.checks,
        provenance=stage.provenance,
        request_hash=text.request_hash,
        created_at=now,
        created_by=actor,
        notes=stage.draft.notes,
    )
    return replace(copy, status="needs_review") if copy.clean else copy

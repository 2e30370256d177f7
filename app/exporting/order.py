"""What an export is asked for, and what it can be."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from app.catalog.feeds.writing import FeedShape
from app.copywriting.copy import Status
from app.errors import Invalid, Problem

FEED = "feed"
FEED_FORMATS = ("shopify", "magento", "google")
OWN_FORMATS = ("xlsx", "jsonl", "csv")
FORMATS = (FEED, *FEED_FORMATS, *OWN_FORMATS)

FIELDS = ("title", "description_html", "bullets", "meta_title", "meta_description", "alt")
"""Fields of a product's copy that feeds have cells for."""
# A title is how shops, their feeds and their reports know a product: it goes where a channel is made for it (a Merchant
# feed, whose variants need one each), elsewhere only when asked for.
_WITH_TITLE = frozenset({"google"})


@dataclass(frozen=True, slots=True)
class ExportOrder:
    """What is wanted. `layout` or `import_id` choose a feed where there are several; `fields` are those of FIELDS.

    `status`: copies in this state, the newest version of each; `published`: what stands on the shelf.
    """

    format: str = FEED
    status: str = "published"
    layout: str | None = None
    import_id: str | None = None
    skus: tuple[str, ...] = ()
    category: str | None = None
    locale: str | None = None
    fields: tuple[str, ...] = ()

    @property
    def is_own(self) -> bool:
        """Whether it is a table of ours rather than a feed that came."""
        return self.format in OWN_FORMATS


@dataclass(frozen=True, slots=True)
class FeedLayout:
    """A feed that can be given back: files of one format and header that were imported.

    `imports` brought rows that are still the newest, `products` are those it would hold.
    """

    layout: str
    imports: Sequence[str]
    filename: str
    shape: FeedShape
    products: int


def check_order(order: ExportOrder) -> ExportOrder:
    """The order itself. Raises Invalid with a problem for each wrong member, naming the known values."""
    problems: list[Problem] = []

    def known(member: str, value: str, choices: Sequence[str]) -> None:
        if value not in choices:
            problems.append(
                Problem(f"query/{member}", f"unknown {member} {value!r}; known: {', '.join(choices)}")
            )

    known("format", order.format, FORMATS)
    known("status", order.status, get_args(Status))
    for field in order.fields:
        known("fields", field, FIELDS)
    if order.is_own and (order.layout or order.import_id):
        what = "layout" if order.layout else "import_id"
        problems.append(Problem(f"query/{what}", f"{order.format} is a table of our own: it has no {what}"))
    if problems:
        raise Invalid("; ".join(problem.detail for problem in problems), problems=problems)
    return order


def fields_for(order: ExportOrder, format: str) -> frozenset[str]:  # noqa: A002 - as in the order
    """Which fields of copy an export writes."""
    if order.fields:
        return frozenset(order.fields)
    return frozenset(FIELDS) if format in _WITH_TITLE or order.is_own else frozenset(FIELDS) - {"title"}


OutsideStatus = Literal["open", "accepted", "dismissed"]
OUTSIDE_STATUSES: tuple[OutsideStatus, ...] = ("open", "accepted", "dismissed")

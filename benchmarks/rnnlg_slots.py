"""Slot error rate of the template writer on the RNNLG meaning representations (inform acts, valid files).

Each representation becomes a product, its facts are extracted and written. A matcher that shares no code with the
writer then looks for every slot: missing (the value is not said), wrong (another value of the slot is said in its
place), invented (a value of a slot that the representation does not have). Price slots are live in a shop and are
counted apart. Slot error rate = (missing + wrong + invented) / slots, as in Wen et al. 2015.
"""

import collections
import csv
import gzip
import html
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from app.catalog.facts import facts_of
from app.catalog.product import Product
from app.copywriting.copy import Brief, Subject
from app.copywriting.writers import write_from_template
from benchmarks.common import report, shared_data, wilson
from prompts import load

NAMES = {
    "batteryrating": "battery_rating",
    "driverange": "drive_range",
    "ecorating": "eco_rating",
    "hasusbport": "has_usb_port",
    "hdmiport": "hdmi_ports",
    "isforbusinesscomputing": "is_for_business_computing",
    "powerconsumption": "power_consumption",
    "pricerange": "price_range",
    "screensize": "screen_size",
    "screensizerange": "screen_size_range",
    "weightrange": "weight_range",
}
PRICES = {"price", "pricerange"}
NUMBER_WORDS = {"1": "one|a|an|single", "2": "two", "3": "three", "4": "four", "5": "five", "6": "six"}
# What a yes or a no of these slots can look like in a sentence; the negative is looked for first.
BOOLEANS = {
    "hasusbport": (r"usb", r"\b(no|not|without|lacks?|n't)\b[^.,;]*\busb|\busb[^.,;]*\b(not|no)\b"),
    "isforbusinesscomputing": (
        r"business",
        r"\b(no|not|without|n't)\b[^.;]*\bbusiness|\bbusiness[^.;]*: no\b",
    ),
}
UNITS = {
    "gb": r"(gb|gigabytes?)",
    "tb": r"(tb|terabytes?)",
    "inch": r"(in|inch|inches|″|\")",
    "kg": r"(kg|kilos?|kilograms?)",
    "hour": r"(h|hours?)",
    "watt": r"(w|watts?)",
    "year": r"(years?)",
}


def main() -> None:
    folder = shared_data() / "rnnlg"
    for file in ("laptop_valid", "tv_valid"):
        measure(folder / f"{file}.csv.gz", show=int(sys.argv[1]) if len(sys.argv) > 1 else 0)


def measure(file: Path, *, show: int) -> None:
    acts = list(inform_acts(file))
    vocabulary: dict[str, set[str]] = collections.defaultdict(set)
    for slots in acts:
        for name, value in slots.items():
            vocabulary[name].add(value)
    template = load("product_description")
    counts: collections.Counter[str] = collections.Counter()
    price_counts: collections.Counter[str] = collections.Counter()
    for number, slots in enumerate(acts):
        text = written(slots, number, template.hash)
        errors = errors_of(slots, text, vocabulary)
        for name in slots:
            (price_counts if name in PRICES else counts)["slots"] += 1
        for kind, name in errors:
            (price_counts if name in PRICES else counts)[kind] += 1
        wrong = [error for error in errors if error[1] not in PRICES]
        if wrong and show > 0:
            show -= 1
            print(wrong, slots, text, sep="\n  ", file=sys.stderr)
    bad = counts["missing"] + counts["wrong"] + counts["invented"]
    report(
        benchmark="rnnlg_slots",
        file=file.name,
        acts=len(acts),
        slots=counts["slots"],
        missing=counts["missing"],
        wrong=counts["wrong"],
        invented=counts["invented"],
        slot_error_rate=round(bad / counts["slots"], 5),
        interval=wilson(bad, counts["slots"]),
        bound=0.01,
        price_slots=dict(price_counts),
    )


def inform_acts(file: Path) -> Iterator[dict[str, str]]:
    """The distinct inform acts of a file as slot → value."""
    seen = set()
    with gzip.open(file, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            match = re.fullmatch(r"inform\((.*)\)", row["mr"])
            if match and match[1] not in seen:
                seen.add(match[1])
                pairs = [pair.split("=", 1) for pair in match[1].split(";") if "=" in pair]
                yield {name: value for name, value in pairs if value != "dontcare"}


def written(slots: dict[str, str], number: int, template_hash: str) -> str:
    """The description and bullets that the template writer makes of a representation, as lower-case plain text."""
    title = slots["name"].title()
    attributes = {
        NAMES.get(name, name): value for name, value in slots.items() if name not in {"name", "price"}
    }
    product = Product(sku=f"{number}", title=title, attributes=attributes)
    brief = Brief(
        subject=Subject(product.sku, title), facts=facts_of(product).facts, template_hash=template_hash
    )
    fields = write_from_template(brief).fields
    text = re.sub(r"<[^>]+>", " ", fields["description_html"]) + " " + " . ".join(fields.get("bullets", []))
    return " ".join(html.unescape(text).lower().split())


def errors_of(slots: dict[str, str], text: str, vocabulary: dict[str, set[str]]) -> list[tuple[str, str]]:
    """Every slot error of a text as (kind, slot)."""
    errors = [
        (error, name) for name, value in slots.items() if (error := error_of(name, value, text, vocabulary))
    ]
    absent = [name for name in vocabulary if name not in slots and name not in PRICES]
    return errors + [("invented", name) for name in absent if invented(name, vocabulary[name], slots, text)]


def error_of(name: str, value: str, text: str, vocabulary: dict[str, set[str]]) -> str | None:
    """What is wrong with a slot that the text has to say; None where it is said."""
    if name in BOOLEANS:
        topic, negative = BOOLEANS[name]
        if not re.search(topic, text):
            return "missing"
        return "wrong" if bool(re.search(negative, text)) != (value == "false") else None
    if said(name, value, text):
        return None
    others = [other for other in vocabulary[name] if other != value and said(name, other, text)]
    return "wrong" if others and name != "type" else "missing"


def invented(name: str, values: set[str], slots: dict[str, str], text: str) -> bool:
    """Whether a text says a value of a slot that its representation does not have.

    Short or common words ("a", "good", "black") also stand in other slots' values: only values that nothing in this
    representation contains can have been invented.
    """
    if name in BOOLEANS:
        return bool(re.search(BOOLEANS[name][0], text))
    return any(
        len(value) > 3
        and said(name, value, text)
        and not any(said(name, value, own) for own in slots.values())
        for value in values
    )


def said(name: str, value: str, text: str) -> bool:
    """Whether a text says a value: its words in order, whatever separates them; numbers and units as people write them."""
    if name == "hdmiport":
        words = NUMBER_WORDS.get(value, value)
        return bool(re.search(rf"\b({value}|{words})\b( \w+)? hdmi|hdmi[^.]*?\b({value}|{words})\b", text))
    parts = []
    # British and American spelling are the same value: both sides are read in the American one.
    text, value = (side.replace("grey", "gray").replace("aluminium", "aluminum") for side in (text, value))
    for word in re.findall(r"[\w.+]+", value):
        if re.fullmatch(r"\d+(\.\d+)?", word):
            parts.append(re.escape(word.removesuffix(".0").rstrip("0") if "." in word else word) + r"(\.?0*)")
        elif word in UNITS:
            parts.append(UNITS[word])
        else:
            parts.append(re.escape(word) + "s?")
    return bool(
        re.search(r"(?<![\w.])" + r"(?:\W|\band\b|\bwith\b|\ba\b|\bthe\b)*".join(parts) + r"(?![\w+])", text)
    )


if __name__ == "__main__":
    main()

"""How well does the checker tell true sentences from false ones? Human sentences of RNNLG, judged by their facts.

Facts come from the meaning representation by plain attribute naming. A human `inform` sentence with its own facts
should pass (a flag is a false alarm); with one slot's fact changed to another value of that slot it should be
flagged (else it is a miss); `caught_of_passing` counts only sentences that pass with their own facts. Prints one JSON line; intervals are Wilson's, 95 %.

    python -m benchmarks.grounding_rnnlg [--split valid|train] [--limit N] [--show alarms|misses]
"""

import argparse
import csv
import gzip
import random
import re
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.common import report, shared_data, wilson
from evaluators import check_grounding
from retrieval.facts import Fact

# The slots' names run their words together; these are the words.
NAMES = {
    "name": "title", "isforbusinesscomputing": "is_for_business_computing", "hasusbport": "has_usb_port",
    "driverange": "drive_range", "pricerange": "price_range", "weightrange": "weight_range",
    "batteryrating": "battery_rating", "powerconsumption": "power_consumption", "ecorating": "eco_rating",
    "hdmiport": "hdmi_ports", "screensize": "screen_size", "screensizerange": "screen_size_range",
    "family": "product_family", "battery": "battery_life", "drive": "drive_capacity", "dimension": "dimension",
}  # fmt: skip
PRAISE = re.compile(
    r"\b(?:good|great|nice|excellent|best|perfect|exceptional|wonderful|fantastic|amazing|awesome|ideal|only|superb|"
    r"high quality|quality|fine|beautiful|outstanding|impressive|terrific|super|better|powerful|worth|fast|easy)\b"
)


@dataclass(frozen=True, slots=True)
class Row:
    """A meaning representation and the sentence a person wrote for it."""

    slots: Mapping[str, str]
    text: str


def read(path: Path) -> Iterator[Row]:
    """Yield the `inform` acts of a file."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for mr, human, *_ in csv.reader(file):
            if mr.startswith("inform("):
                pairs = [part.partition("=") for part in mr[len("inform(") : -1].split(";")]
                yield Row({name: value for name, _, value in pairs}, human.strip())


def facts_of(slots: Mapping[str, str]) -> tuple[Fact, ...]:
    """Turn a meaning representation into facts, an attribute each."""
    return tuple(
        Fact(f"F{number}", NAMES.get(slot, slot), value, f"{NAMES.get(slot, slot).replace('_', ' ')}: {value}", f"attribute:{slot}")
        for number, (slot, value) in enumerate(slots.items(), start=1)
    )  # fmt: skip


def is_flagged(text: str, slots: Mapping[str, str]) -> bool:
    """Whether the checker finds a claim that the facts do not bear out."""
    judged = check_grounding(text, facts_of(slots)).sentences
    return any(sentence.verdict in {"unsupported", "contradicted"} for sentence in judged)


def changed(
    row: Row, values: Mapping[str, Sequence[str]], rng: random.Random
) -> Iterator[tuple[str, dict[str, str]]]:
    """One changed meaning for each slot that the sentence states and that has a value which makes it untrue.

    A value that holds all the words of the old one ("windows 8 pro" for "windows 8") leaves the sentence true.
    """
    said = set(re.findall(r"[\w+.]+", row.text))
    for slot, value in row.slots.items():
        words = set(value.split())
        others = [other for other in values[slot] if other != value and not words <= set(other.split())]
        if value in {"true", "false"}:
            words = set(NAMES[slot].split("_")) - {"is", "has", "for"} | {
                word + "s" for word in NAMES[slot].split("_")
            }
        if others and words & said:
            yield slot, {**row.slots, slot: rng.choice(others)}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--split", choices=("valid", "train"), default="valid")
    parser.add_argument("--limit", type=int, default=None, help="so many sentences of each file")
    parser.add_argument("--show", choices=("alarms", "misses"), default=None, help="print the errors instead")
    options = parser.parse_args()
    rng = random.Random(20)  # noqa: S311 - draws test cases
    alarms, praise_alarms, sentences, caught, tried = 0, 0, 0, Counter[str](), Counter[str]()
    caught_passing, tried_passing = 0, 0
    times: list[float] = []
    for path in sorted((shared_data() / "rnnlg").glob(f"*_{options.split}.csv.gz")):
        rows = list(read(path))
        values: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for row in rows:
            for slot, value in row.slots.items():
                values[slot][value] = None
        for row in rows[: options.limit]:
            started = time.perf_counter()
            flagged = is_flagged(row.text, row.slots)
            times.append(time.perf_counter() - started)
            sentences += 1
            if flagged:
                alarms += 1
                praise_alarms += bool(PRAISE.search(row.text))
                if options.show == "alarms":
                    show(row.text, row.slots)
            for slot, other in changed(row, {name: list(found) for name, found in values.items()}, rng):
                hit = is_flagged(row.text, other)
                tried[slot] += 1
                caught[slot] += hit
                tried_passing += not flagged
                caught_passing += hit and not flagged
                if not hit and options.show == "misses":
                    print(slot, "|", row.slots[slot], "→", other[slot], "|", row.text)
    if options.show:
        return
    result: dict[str, Any] = {
        "benchmark": "grounding_rnnlg", "split": options.split, "sentences": sentences,
        "false_alarms": round(alarms / sentences, 4), "false_alarms_ci": wilson(alarms, sentences),
        "false_alarms_without_praise": round((alarms - praise_alarms) / sentences, 4),
        "changed": tried.total(), "caught": round(caught.total() / tried.total(), 4),
        "caught_ci": wilson(caught.total(), tried.total()),
        "caught_of_passing": round(caught_passing / tried_passing, 4),
        "caught_of_passing_ci": wilson(caught_passing, tried_passing),
        "caught_by_slot": {slot: round(caught[slot] / count, 3) for slot, count in sorted(tried.items())},
        "ms_median": round(statistics.median(times) * 1000, 3),
    }  # fmt: skip
    report(**result)


def show(text: str, slots: Mapping[str, str]) -> None:
    """Print a sentence with the claims that were flagged in it."""
    judged = check_grounding(text, facts_of(slots)).sentences
    flagged = [c for s in judged for c in s.claims if c.verdict in {"unsupported", "contradicted"}]
    print([f"{c.text}/{c.kind[:5]}/{c.verdict[:3]}" for c in flagged], "|", text, "|", dict(slots))


if __name__ == "__main__":
    main()

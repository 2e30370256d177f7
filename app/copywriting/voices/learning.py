"""A voice learnt from sample texts: read, measured, and offered to be edited before anybody saves it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.catalog.service import CatalogService, ProductQuery
from app.copywriting.voices.values import VoiceSettings, resolved, shipped_voices
from app.errors import Invalid, Problem, TooLarge
from evaluators.fields import plain_text
from evaluators.voice.characteristic import Reference, word_counts
from evaluators.voice.finding import find_faults
from evaluators.voice.rules import Exempt
from evaluators.voice.samples import Measured, Sample, measure, told
from retrieval.readers import (
    DocumentTooLargeError,
    DocumentUnreadableError,
    Format,
    format_of,
    read_document,
)

MAX_SAMPLES = 200
_PAGE = 200
_REFERENCE_PRODUCTS = 2000
"""Products, in the order of their SKUs, whose descriptions samples are compared with."""


@dataclass(frozen=True, slots=True)
class NewSample:
    """A text as it was uploaded or pasted; its format is found from name and content where it is not given."""

    content: bytes | str
    name: str = ""
    format: Format | None = None


@dataclass(frozen=True, slots=True)
class Learnt:
    """What samples show, and the voice that would follow: nothing is saved."""

    measured: Measured
    settings: VoiceSettings


def read_samples(samples: Sequence[NewSample]) -> list[Sample]:
    """The samples as plain texts. Raises Invalid with a problem for each that cannot be read, TooLarge."""
    if not samples:
        raise Invalid("samples: at least one text", pointer="/samples")
    if len(samples) > MAX_SAMPLES:
        raise Invalid(f"samples: {MAX_SAMPLES} at most, not {len(samples)}", pointer="/samples")
    read: list[Sample] = []
    problems: list[Problem] = []
    for at, sample in enumerate(samples):
        name = sample.name or f"sample {at + 1}"
        try:
            found = sample.format or format_of(sample.name, sample.content)
            reading = read_document(sample.content, found)
        except DocumentUnreadableError as error:
            problems.append(Problem(f"/samples/{at}", f"{name}: {error}"))
            continue
        except DocumentTooLargeError as error:
            raise TooLarge(f"{name}: {error}") from None
        headings = tuple(reading.text[b.start : b.end] for b in reading.blocks if b.kind == "heading")
        prose = (reading.text[b.start : b.end] for b in reading.blocks if b.kind not in {"heading", "code"})
        read.append(Sample(name, "\n\n".join(prose), headings))
    if problems:
        raise Invalid("; ".join(problem.detail for problem in problems), problems=problems)
    return read


def learn(samples: Sequence[Sample], extends: str, reference: Reference | None) -> Learnt:
    """Measure samples and say what voice they have. Raises Invalid for an unknown base.

    Only what the samples tell goes into the voice; the rest stays as the base has it. Words that the base forbids and
    the samples use become allowed.
    """
    if extends not in shipped_voices():
        known = ", ".join(shipped_voices())
        raise Invalid(f"extends: no shipped voice {extends!r}; there are: {known}", pointer="/extends")
    measured = measure(samples, reference)
    settings = VoiceSettings(extends=extends)
    for feature in told(measured.features):
        match feature.id:
            case "sentence_length":
                settings = replace(
                    settings,
                    target_words=min(max(feature.value["target"], 3), 100),
                    max_words=min(max(feature.value["max"], 3), 100),
                )
            case "punctuation":
                pass
            case _:
                settings = replace(settings, **{feature.id: feature.value})
    return Learnt(measured, replace(settings, allowed=_used(samples, settings)))


def _used(samples: Sequence[Sample], settings: VoiceSettings) -> tuple[str, ...]:
    """Words that the base forbids and that stand in the samples all the same, the most frequent first."""
    forbidden = replace(resolved(settings), brand=())
    counts: Counter[str] = Counter()
    for sample in samples:
        for fault in find_faults(sample.text, forbidden, Exempt()):
            if fault.rule == "voice_forbidden":
                counts[" ".join(fault.text.lower().split())] += 1
    return tuple(word for word, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0])))


async def catalog_reference(catalog: CatalogService) -> Reference:
    """How often each word stands in the descriptions of the shop's products, in the order of their SKUs."""
    counts: Counter[str] = Counter()
    cursor: str | None = None
    products = 0
    while products < _REFERENCE_PRODUCTS:
        page = await catalog.list_products(ProductQuery(status="active"), _PAGE, cursor)
        counts.update(word_counts(plain_text(stored.product.description or "") for stored in page.items))
        products += len(page.items)
        cursor = page.next_cursor
        if cursor is None:
            break
    return Reference("the catalog's own descriptions", counts)

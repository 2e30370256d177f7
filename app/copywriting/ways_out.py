"""The ways out of a refused sentence, each with the call that takes it: pure."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from app.catalog.attestation.suggestions import suggestion
from app.copywriting.copy import Copy
from evaluators.checks import JudgedSentence

_NUMBERS = frozenset({"quantity", "count", "size", "price"})


def ways_out(copy: Copy, sentence: JudgedSentence) -> list[dict[str, Any]]:
    """What can be done about a sentence that is unsupported or contradicted. `body` is ready to be sent but for `…`.

    Attesting a fact helps an unsupported claim that a fact could bear. A contradicted one is put right by correcting
    the fact that speaks against it, or the text: nobody may approve over it.
    """
    return [*_facts(copy, sentence), _edit(copy, sentence), *_dispute(copy, sentence)]


def _facts(copy: Copy, sentence: JudgedSentence) -> Iterator[dict[str, Any]]:
    product = f"/v1/products/{quote(copy.sku, safe='')}/facts"
    for claim in sentence.claims:
        if claim.verdict == "unsupported" and (statement := suggestion(claim)) is not None:
            body = {"name": statement.name, "value": claim.text, "evidence": "…"}
            yield {
                "way": "attest",
                "detail": f"attest that “{claim.text}” is so: {statement.name}",
                "call": f"POST {product}",
                "body": body,
            }
        elif claim.verdict == "contradicted" and claim.fact is not None:
            kind = "number" if claim.kind in _NUMBERS else "fact"
            yield {
                "way": "correct_fact",
                "detail": f"if the {kind} is wrong, take {claim.fact} out and attest the right one, or import it",
                "call": f"POST {product}/{quote(claim.fact, safe='')}/suppress",
                "body": {"reason": "…"},
            }


def _edit(copy: Copy, sentence: JudgedSentence) -> dict[str, Any]:
    name = sentence.field.partition("/")[0]
    return {
        "way": "edit",
        "detail": f"edit {name} so that it says only what the facts say",
        "call": f"PATCH /v1/copy/{copy.id}",
        "body": {"fields": {name: "…"}},
    }


def _dispute(copy: Copy, sentence: JudgedSentence) -> Iterator[dict[str, Any]]:
    contradicted = sentence.verdict == "contradicted"
    yield {
        "way": "dispute",
        "detail": "dispute the verdict, if the checker is wrong"
        + ("; nobody may approve over it all the same" if contradicted else ""),
        "call": f"POST /v1/copy/{copy.id}/dispute",
        "body": {"field": sentence.field, "sentence": sentence.text, "reason": "…"},
    }

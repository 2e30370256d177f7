"""What samples show: numbers that can be checked by hand, and silence where there is too little."""

import math

import pytest

from evaluators.voice.characteristic import PRIOR, Reference, log_odds, word_counts
from evaluators.voice.samples import Sample, Share, measure

WARM = (
    "You'll love how it folds. Pop it in your bag! We've lined it for you. It doesn't crease. "
    "Take it to your favourite harbour! It's light, soft, and dry. You can't lose it. There are two pockets for you. "
    "Your keys fit in it. It's yours in any colour you like. "
)
PLAIN = "The jacket has a hood. It is made of nylon. The hood is not lined. It folds into its pocket. "


def test_a_warm_british_voice_is_heard() -> None:
    measured = measure([Sample("a", WARM * 4)])
    values = {feature.id: feature.value for feature in measured.features}
    assert values["person"] == "second"
    assert values["exclamation"] is True
    assert values["contractions"] is True
    assert values["spelling"] == "GB"
    assert (measured.sentences, measured.feature("spelling").numbers["count"]) == (40, 12)


def test_a_plain_voice_is_heard() -> None:
    measured = measure([Sample("a", PLAIN * 25)])
    values = {feature.id: feature.value for feature in measured.features}
    assert (values["person"], values["exclamation"], values["contractions"]) == ("third", False, False)
    length = measured.feature("sentence_length")
    assert length.value == {"target": 5, "max": 5}
    assert length.numbers["mean"] == pytest.approx((5 + 5 + 5 + 5) / 4)
    assert values["spelling"] is None  # no word in it has two spellings
    assert "5 would tell" in measured.feature("spelling").detail


@pytest.mark.parametrize("text", ["", "A tee.", "You'll love it! It's grey."])
def test_too_little_text_tells_nothing_and_says_what_is_missing(text: str) -> None:
    measured = measure([Sample("a", text)], Reference("others", {"x": 5000}))
    assert [feature.id for feature in measured.features if feature.told] == []
    assert all(feature.detail for feature in measured.features)
    assert measured.characteristic == ()
    assert "would tell" in measured.reference


def test_the_order_of_samples_does_not_matter() -> None:
    samples = [Sample(str(n), text) for n, text in enumerate([WARM, PLAIN, WARM + PLAIN])]
    reference = Reference("others", word_counts([PLAIN * 200]))
    assert measure(samples, reference) == measure(samples[::-1], reference)


def test_both_spellings_are_neither() -> None:
    mixed = "A gray colour. " * 10
    assert measure([Sample("a", mixed)]).feature("spelling").value is None


def test_headings_tell_their_case() -> None:
    titles = tuple(f"Made of {word} Oak Boards" for word in ("Solid", "Dense", "Light", "Heavy", "Plain"))
    assert measure([Sample("a", PLAIN, titles)]).feature("headline_case").value == "title"
    lower = tuple(title.lower().capitalize() for title in titles)
    assert measure([Sample("a", PLAIN, lower)]).feature("headline_case").value == "sentence"


def test_the_interval_is_wilsons() -> None:
    # Wilson (1927) for 1 of 10 at 95 %: 0.0179–0.4042; for 0 of 10: 0–0.2775.
    assert (Share.of(1, 10).low, Share.of(1, 10).high) == pytest.approx((0.0179, 0.4042), abs=1e-4)
    assert (Share.of(0, 10).low, Share.of(0, 10).high) == pytest.approx((0.0, 0.2775), abs=1e-4)
    assert (Share.of(0, 0).low, Share.of(0, 0).high) == (0.0, 1.0)


def test_log_odds_are_those_of_the_paper() -> None:
    here, there = {"cosy": 8, "the": 50}, {"cosy": 2, "the": 400, "robust": 40}
    scores = {score.word: score for score in log_odds(here, there)}
    n, m = 58, 442
    alpha = PRIOR * 10 / 500
    delta = math.log((8 + alpha) / (n + PRIOR - 8 - alpha)) - math.log((2 + alpha) / (m + PRIOR - 2 - alpha))
    z = delta / math.sqrt(1 / (8 + alpha) + 1 / (2 + alpha))
    assert (scores["cosy"].log_odds, scores["cosy"].z) == pytest.approx((delta, z), abs=1e-3)
    assert scores["cosy"].z > 0 > max(scores["the"].z, scores["robust"].z)


def test_characteristic_words_stand_out_and_frequent_ones_do_not() -> None:
    own = "The jacket is snug. It is a snug jacket with a hood. " * 40
    others = "The jacket is light. It is a robust jacket with a hood. " * 300
    measured = measure([Sample("a", own)], Reference("the catalog", word_counts([others])))
    assert [word.word for word in measured.characteristic] == ["snug"]
    assert {"robust", "light"} == {word.word for word in measured.avoided}
    assert "3,600 words of the catalog" in measured.reference

"""Locked sentences in a text that is new around them."""

import pytest

from app.copywriting.regeneration.locks import Locked, keep_locked


def kept(old, new, *locked, facts=None):
    return keep_locked(
        old, new, Locked(frozenset(locked), {k: frozenset(v) for k, v in (facts or {}).items()})
    )


@pytest.mark.parametrize(
    ("old", "new", "locked", "result"),
    [
        ("<p>AAa. BBa. CCa.</p>", "<p>XXa. YYa.</p>", "BBa.", "<p>XXa. BBa. YYa.</p>"),
        ("<p>AAa. BBa.</p>", "<p>XXa. YYa. ZZa.</p>", "AAa.", "<p>AAa. XXa. YYa. ZZa.</p>"),
        ("<p>AAa.</p><p>BBa. CCa.</p>", "<p>XXa.</p><p>YYa.</p>", "CCa.", "<p>XXa.</p><p>YYa. CCa.</p>"),
        ("<p>AAa.</p><p>BBa.</p>", "<p>XXa.</p>", "BBa.", "<p>XXa. BBa.</p>"),
        ("<p>AAa <strong>b</strong>. CCa.</p>", "<p>XXa.</p>", "AAa b.", "<p>AAa <strong>b</strong>. XXa.</p>"),
        ("<p>AAa <strong>b. CCa</strong>.</p>", "<p>XXa.</p>", "AAa b.", "<p>AAa b. XXa.</p>"),
        ("<p>XXa.</p><ul><li>AAa</li><li>BBa</li></ul>", "<p>XXa.</p><ul><li>YYa</li></ul>", "AAa", "<p>XXa.</p><ul><li>AAa</li><li>YYa</li></ul>"),
        ("<p>AAa. BBa.</p>", "<p>BBa. XXa.</p>", "BBa.", "<p>XXa. BBa.</p>"),
        ("<p>AAa. BBa.</p>", "<p></p>", "BBa.", "<p>BBa.</p>"),
        ("AAa. BBa.", "XXa. YYa.", "AAa.", "AAa. XXa. YYa."),
        ("Title", "Other", "Title", "Title"),
        (["AAa", "BBa", "CCa"], ["XXa", "YYa"], "BBa", ["XXa", "BBa", "YYa"]),
        (["AAa", "BBa"], ["BBa", "XXa"], "BBa", ["XXa", "BBa"]),
        ({"u": "AAa", "v": "BBa"}, {"u": "XXa", "w": "YYa"}, "AAa", {"u": "AAa", "w": "YYa"}),
        ("<p>AAa. BBa.</p>", "<p>XXa.</p>", "gone", "<p>XXa.</p>"),
    ],
)  # fmt: skip
def test_a_locked_sentence_stays_where_it_stood(old, new, locked, result):
    assert kept(old, new, locked) == result


def test_what_says_the_same_facts_goes_for_it():
    facts = {"Made of oak.": {"F1"}, "It is oak.": {"F1"}, "Oak, 2 m long.": {"F1", "F2"}}
    new = "<p>It is oak. Oak, 2 m long.</p>"
    assert (
        kept("<p>Made of oak. Old.</p>", new, "Made of oak.", facts=facts)
        == "<p>Made of oak. Oak, 2 m long.</p>"
    )
    assert kept(["Made of oak."], ["It is oak."], "Made of oak.", facts=facts) == ["Made of oak."]

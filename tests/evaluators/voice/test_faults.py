"""What a voice complains of: the words, their place, and what is left alone."""

import time

import pytest

from evaluators.checks import Candidate, run_checks
from evaluators.voice.finding import find_faults, kind_of
from evaluators.voice.rules import Exempt, Kind, RuleId, VoiceRules, WordRule, exempt_of, rules_of
from prompts import all_voices
from retrieval.facts import Fact

STRICT = VoiceRules(
    forbidden=(WordRule("utilise", "use"), WordRule("cheap", "affordable"), WordRule("must-have")),
    brand=(WordRule("eco-friendly", None, "no certificate"),),
    spelling="US",
    person="third",
    max_words=12,
    exclamation=False,
    contractions=False,
    headline_case="title",
    oxford_comma=True,
    numerals="words",
)


def said(
    text: str, rules: VoiceRules = STRICT, exempt: Exempt | None = None, kind: Kind = "prose"
) -> list[tuple[RuleId, str]]:
    found = find_faults(text, rules, exempt or Exempt(), kind=kind)
    assert all(text[f.start : f.end] == f.text for f in found)
    return [(f.rule, f.text) for f in found]


@pytest.mark.parametrize(
    ("text", "rule", "words"),
    [
        ("It utilised a strap.", "voice_forbidden", "utilised"),
        ("The CHEAPEST one.", "voice_forbidden", "CHEAPEST"),
        ("A must-have\nbag.", "voice_forbidden", "must-have"),
        ("An eco-friendly bag.", "brand_rules", "eco-friendly"),
        ("A bag in colour.", "voice_spelling", "colour"),
        ("COLOUR fast.", "voice_spelling", "COLOUR"),
        ("It suits your bike.", "voice_person", "your"),
        ("We make it.", "voice_person", "We"),
        ("It is a very long sentence that goes on and on until somebody stops it.", "voice_sentence_length", "It is a very long sentence that goes on and on until somebody stops it."),
        ("Zip it up!", "voice_exclamation", "!"),
        ("It isn't heavy.", "voice_contractions", "isn't"),
        ("There’s a hood.", "voice_contractions", "There’s"),
        ("In red, blue and green.", "voice_oxford_comma", "In red, blue and green"),
        ("It has 2 pockets.", "voice_numerals", "2"),
    ],
)  # fmt: skip
def test_each_rule_names_its_words(text: str, rule: RuleId, words: str) -> None:
    assert (rule, words) in said(text)


@pytest.mark.parametrize(
    "text",
    [
        "The hood's drawstring is light.",  # a possessive
        "A rope of 3 m in size 8, model 4.",  # measures and names are figures
        "In red, blue, and green.",
        "It zips, and it has a hood.",  # clauses
        "Search Yahoo! mail for it.",
        "Made in the US.",
        "The cheapo bag of a cheapskate.",  # other words
        "Colour Co. prints it, and so does Grey Goose.",  # names by their capitals
        "The label says “Colour!”",
        "A gray bag.",
    ],
)
def test_what_is_no_fault(text: str) -> None:
    assert [fault for fault in said(text) if fault[0] != "voice_person"] == []


def test_names_and_quoted_values_are_left_alone() -> None:
    facts = (
        Fact("F1", "title", "Ultimate Colour Block Tee"),
        Fact("F2", "brand", "Colour Co."),
        Fact("F3", "finish", "moulded rubber"),
        Fact("F4", "certificate", "Organise Standard 100"),
        Fact("D1.1", "care", "Wash with similar colours.", trust="document"),
    )
    rules = VoiceRules(forbidden=(WordRule("ultimate"), WordRule("block")), spelling="US")
    exempt = exempt_of(facts)
    text = (
        "The Ultimate Colour Block Tee by Colour Co. holds Organise Standard 100. Wash with similar colours."
    )
    assert said(text, rules, exempt) == []
    # An ordinary word of a value is spelt as the voice spells, and the name is no licence for the word.
    assert said("It is the ultimate tee in moulded rubber.", rules, exempt) == [
        ("voice_forbidden", "ultimate"),
        ("voice_spelling", "moulded"),
    ]
    # A brand rule is not evaded by quotation marks.
    assert said("“The ultimate tee”", rules, exempt) == [("voice_forbidden", "ultimate")]


def test_an_allowed_word_lifts_the_bases_ban_and_never_the_shops() -> None:
    rules = VoiceRules(
        forbidden=(WordRule("gorgeous"), WordRule("cheap")),
        brand=(WordRule("cheap"),),
        allowed=("gorgeous", "cheap", "colour"),
        spelling="US",
    )
    assert said("Gorgeous, cheap, in any colour.", rules) == [("brand_rules", "cheap")]


def test_second_person_is_missed_in_a_text_and_asked_of_no_single_line() -> None:
    rules = VoiceRules(person="second")
    assert [f.rule for f in find_faults("A tee. It is soft. It is red.", rules, Exempt())] == ["voice_person"]
    assert said("A tee. It is soft on your skin. It is red.", rules) == []
    assert said("A tee. It is soft. It is red.", rules, kind="line") == []


def test_headings_in_sentence_case_keep_names() -> None:
    rules = VoiceRules(headline_case="sentence")
    exempt = Exempt(names=("Bruno Compete Hoodie",))
    found = said(
        "Bruno Compete Hoodie in Organic Cotton for Italian USB-C Fans", rules, exempt, kind="heading"
    )
    assert [words for _, words in found] == ["Organic", "Cotton", "Fans"]


def test_the_gate_marks_the_place_in_the_field_without_its_markup() -> None:
    fields = {"description_html": "<p>A <em>colour</em> tee.</p>", "slug": "must-have-tee"}
    gate = run_checks(Candidate(fields, (), (), (), STRICT))
    checks = {check.id: check for check in gate.checks}
    (mark,) = checks["voice_spelling"].marks
    assert (mark.field, mark.text, mark.replacement) == ("description_html", "colour", "color")
    assert "A colour tee."[mark.start : mark.end] == "colour"
    assert checks["voice_forbidden"].marks[0].field == "slug"
    assert not gate.passed  # a forbidden word bars approval, a spelling does not
    assert checks["voice_spelling"].severity == "warning"


def test_a_voice_may_make_any_rule_bar_approval() -> None:
    fields = {"title": "A grey tee"}
    facts = (Fact("F1", "type", "tee"), Fact("F2", "color", "gray"))
    assert run_checks(Candidate(fields, (), facts, (), VoiceRules(spelling="US"))).passed
    strict = VoiceRules(spelling="US", blocking=("voice_spelling",))
    assert not run_checks(Candidate(fields, (), facts, (), strict)).passed


def test_kinds_of_fields() -> None:
    kinds = [kind_of(path) for path in ("title", "bullets/0", "description_html", "alt/x")]
    assert kinds == ["heading", "line", "prose", "line"]


def test_shipped_voices_ask_what_they_say() -> None:
    rules = {voice.name: rules_of(voice) for voice in all_voices()}
    assert (rules["plain"].person, rules["plain"].contractions, rules["plain"].exclamation) == (
        "third",
        False,
        False,
    )
    assert rules["warm"].exclamation
    assert all("amazing" in {word.phrase for word in one.forbidden} for one in rules.values())


@pytest.mark.parametrize("piece", ["a, ", "! ", "you're ", "“", "<", "Colour, red and ", "2 bags ", "x" * 50])
def test_a_hostile_text_is_judged_in_time_that_grows_with_its_length(piece: str) -> None:
    text = (piece * 50_000)[:50_000]
    started = time.perf_counter()
    find_faults(text, STRICT, Exempt(names=("A B",), values=("red",)))
    assert time.perf_counter() - started < 5

"""Terms of shop texts: what finds what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.analyzer import WHOLE, Word, document_terms, query_words


def wanted(query: str) -> set[str]:
    """All terms that a query may be found by."""
    return {term for word in query_words(query) for term in (*word.parts, word.whole) if term}


def meets(query: str, text: str) -> bool:
    """Whether every word of the query is in the text: its whole, or all its parts."""
    terms = document_terms(text).counts
    return all(
        (word.whole is not None and word.whole in terms) or all(part in terms for part in word.parts)
        for word in query_words(query)
    )


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("running shoes", "Running shoe, women's"),
        ("womens shoe", "Women's Shoes"),
        ("creme brulee", "Crème brûlée torch"),
        ("STRASSE", "Straße"),
        ("USB-C", "Charger (USB-C)"),
        ("usb c", "Charger (USB-C)"),
        ("USB-C", "Charger, USBC"),
        ("24-MB02", "Duffle 24-MB02"),
        ("mb02", "Duffle 24-MB02"),
        ("24mb02", "Duffle 24-MB02"),
        ("63039", "Philips DLA63039 sleeve"),
        ("DLA63039", "Philips DLA63039 sleeve"),
        ("1/4", "Audio jack, 1/4 inch"),
        ('1/4"', "Audio jack, 0.25 inch"),
        ("1/4", "Audio jack, ¼ inch"),
        ("¼", "Audio jack, 1/4 inch"),
        ("1⁄4", "Audio jack, ¼ inch"),
        ("1 1/4", "Pipe 1¼ inch"),
        ("1¼", "Pipe 1 1/4 inch"),
        ("1 ¼", "Pipe, 1¼ in"),
        ("1¼ inch", "Pipe 1.25 inch"),
        ("iphone 15", "iPhone15 case"),
        ('15.6" laptop', "Laptop 15.6 inch"),
        ("15.6 inch", 'Laptop 39.6 cm (15.6")'),
        ("39.6 cm", 'Notebook with a 15.6" display'),
        ("500ml", "Bottle, 0.5 l"),
        ("0.5 l", "Bottle 500 ml"),
        ("16gb", "16 GB memory"),
        ("2 kg", "Weight: 2000 g"),
        ("AT&T", "for AT&T phones"),
        ("wi-fi", "WiFi router"),
        ("ﬁlter", "Filter"),
    ],
)
def test_finds(query: str, text: str) -> None:
    assert meets(query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("1/4", "1 to 4 players"),
        ("¼", "1 to 4 players"),
        ("1¼", "Pipe 11/4"),
        ("11", "Pipe 1¼ inch"),
        ("500ml", "500 g"),
        ("24-MB02", "24-MB03"),
        ('15.6"', '14" laptop'),
        ("laptop", "lap"),
    ],
)
def test_does_not_find(query: str, text: str) -> None:
    assert not meets(query, text)


def test_what_a_product_is_for_counts_half() -> None:
    terms = document_terms("Battery for laptops, black laptop").counts
    assert terms["batteri"] == WHOLE
    assert terms["laptop"] == WHOLE + WHOLE // 2


def test_stop_words_stand_only_where_there_is_nothing_else() -> None:
    assert wanted("the bag for the beach") == {"bag", "beach"}
    assert wanted("to be or it") == {"to", "be", "or", "it"}


def test_stop_words_make_no_text_longer() -> None:
    assert document_terms("a bag of the shop").length == document_terms("bag shop").length


@pytest.mark.parametrize("query", ["", "   ", "😀🎉", "---", '"', "/./"])
def test_nothing_to_search(query: str) -> None:
    assert query_words(query) == ()


@given(st.text(max_size=300))
def test_any_text_is_analysed(text: str) -> None:
    terms = document_terms(text)
    assert all(count > 0 for count in terms.counts.values())
    assert terms.length >= 0
    assert not any("\n" in term or not term for term in terms.counts)


@given(st.text(alphabet=st.characters(categories=("Ll", "Lu", "Nd")), min_size=1, max_size=20))
def test_a_word_finds_itself(word: str) -> None:
    assert meets(word, word)


def test_words_keep_their_order() -> None:
    assert query_words("red bag") == (Word(("red",), text="red"), Word(("bag",), text="bag"))

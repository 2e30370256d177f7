"""Where sentences stand in their HTML."""

from app.copywriting.copy import CopySentence
from app.demo.segments import paragraphs


def test_sentences_are_found_in_their_paragraphs():
    sentences = [
        CopySentence("description_html", "A coat & a hood.", ("F1",), "supported"),
        CopySentence("description_html", "It is warm.", (), "claimless"),
        CopySentence("description_html", "Wash cold.", ("F2",), "supported"),
    ]
    cut = paragraphs("<p>A <b>coat</b> &amp; a hood.  It is warm.</p><p>Wash cold. Aside.</p>", sentences)
    assert [[part.text for part in paragraph] for paragraph in cut] == [
        ["A coat & a hood.", " ", "It is warm."],
        ["Wash cold.", " Aside."],
    ]
    assert [part.facts for part in cut[1]] == [("F2",), None]

from collections.abc import Callable

import pytest

from app.catalog.feeds.measures import plain_measure
from tests.app.catalog.feeds.conftest import Outcome

Read = Callable[..., Outcome]


@pytest.mark.parametrize(
    ("name", "value", "plain"),
    [
        ("Gewicht", "1.100 g", "1100 g"),
        ("Gewicht", "4,5 kg", "4.5 kg"),
        ("Gewicht (kg)", "4,5", "4.5"),
        ("Gewicht", "1.234,56 kg", "1234.56 kg"),
        ("Maße", "10,5 x 20 x 1.200 mm", "10.5 x 20 x 1200 mm"),
        ("Maße", "10,5 cm x 20,5 cm", "10.5 cm x 20.5 cm"),
        ("Bereich", "1,5–2,5 m", "1.5–2.5 m"),
        ("Leistung", "ca. 1.500 W", "ca. 1500 W"),
        ("Gewicht", "2.5 kg", "2.5 kg"),
        ("Modell", "1.100", "1.100"),
        ("Modell", "WX 1.100", "WX 1.100"),
        ("Version", "1.100.2", "1.100.2"),
        ("Netz", "192.168.100.200", "192.168.100.200"),
        ("Datum", "01.02.2026", "01.02.2026"),
        ("Material", "Wolle, 2,5 cm dick", "Wolle, 2.5 cm dick"),
        ("Gewicht", "0.100 kg", "0.100 kg"),
        ("Modell", "A-1.100 g", "A-1.100 g"),
        ("USB", "v1.100 m", "v1.100 m"),
    ],
)
def test_measures_with_a_decimal_comma(name: str, value: str, plain: str) -> None:
    assert plain_measure(name, value) == plain


def test_the_files_other_numbers_say_how_measures_are_written(read: Read) -> None:
    german = read("sku;name;preis;Gewicht\nA;Topf;39,90;1.100 g\nB;Tee;5,00;4,5 kg\n")
    assert german.products["A"].attributes["Gewicht"] == "1100 g"
    assert german.products["B"].attributes["Gewicht"] == "4.5 kg"
    assert german.records[0].rows[0].cells[3] == "1.100 g"
    english = read("sku,name,price,Weight\nA,Pot,39.90,1.100 kg\nB,Tea,5.00,4.5 kg\n")
    assert english.products["A"].attributes["Weight"] == "1.100 kg"
    unpriced = read("sku;name;Gewicht\nA;Topf;1.100 g\nB;Tee;4,5 kg\n")
    assert unpriced.products["A"].attributes["Gewicht"] == "1100 g"


def test_measures_of_their_own_manner_are_not_read_by_the_prices(read: Read) -> None:
    seen = read("sku;name;preis;Gewicht\nA;Topf;39,90;1.100 kg\nB;Tee;5,00;4.5 kg\n")
    assert seen.products["A"].attributes["Gewicht"] == "1.100 kg"

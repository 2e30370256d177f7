"""Attribute names as English words."""

import pytest

from app.copywriting.realizer.labels import label_of, label_of_fact
from retrieval.facts import Fact


@pytest.mark.parametrize(
    ("name", "core", "shape"),
    [
        ("battery_rating", "battery rating", "noun"),
        ("batteryrating", "battery rating", "noun"),
        ("has_usb_port", "USB port", "has"),
        ("hasusbport", "USB port", "has"),
        ("isforbusinesscomputing", "business computing", "for"),
        ("is_waterproof", "waterproof", "is"),
        ("waterproof", "waterproof", "adjective"),
        ("energy_star_certified", "Energy Star certified", "adjective"),
        ("supports_hdr", "HDR", "verb"),
        ("touchscreen", "touchscreen", "noun"),
    ],
)
def test_what_a_name_says(name: str, core: str, shape: str) -> None:
    label = label_of(name)
    assert (label.core, label.shape) == (core, shape)


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("number_of_hdmi_ports", "HDMI ports"),
        ("usb_2_0_ports_quantity", "USB 2.0 ports"),
        ("hdmiport", "HDMI port"),
        ("processor cores", "processor cores"),
    ],
)
def test_names_of_counts(name: str, core: str) -> None:
    label = label_of(name)
    assert label.counts
    assert label.core == core


def test_a_shop_s_language_does_not_show_where_the_family_is_known() -> None:
    assert (
        label_of_fact(Fact("F1", "color", "rot", "Farbe: rot", "attribute:Farbe", label="Farbe")).core
        == "color"
    )

"""Attribute families: found in any spelling; technical names told apart."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.attributes import (
    families,
    family_of,
    is_internal,
    is_technical,
    normalise_name,
    own_name,
    read_name,
)


def test_the_lexicon_is_broad_and_free_of_clashes() -> None:
    every = families()
    assert len(every) >= 150
    spellings = [spelling for family in every for spelling in family.spellings]
    assert len(spellings) == len(set(spellings))


@pytest.mark.parametrize(
    ("name", "normal"),
    [
        ("Farbe", "color"), ("colour", "color"), ("COULEUR", "color"), ("productColour", "color"), ("pa_color", "color"), ("g:color", "color"),
        ("Größe", "size"), ("Groesse", "size"), ("Taille", "size"), ("Matière", "material"), ("Verschluss", "closure"), ("Pflegehinweise", "care"),
        ("Material (product.metafields.custom.material)", "material"), ("Metafield: custom.care_instructions [multi_line_text_field]", "care"),
        ("Google Shopping / Gender", "gender"), ("style_bottom", "style"), ("style_general", "style"), ("features_bags", "features"), ("strap_bags", "straps"),
        ("hdmi_ports_quantity", "hdmi_ports"), ("number_of_handles", "handles"), ("operating_temperature__t_t_", "operating_temperature"),
        ("package_dimensions__wxdxh_", "package_dimensions"), ("vga__d_sub__ports_quantity", "vga_ports"), ("built_in_speaker_s_", "built_in_speakers"),
        ("master__outer__case_height", "master_case_height"), ("product_dimensions_optional__metric_", "dimensions"), ("vamp_depth_(metric)_(uk)", "vamp_depth"), ("Cable length (m)", "cable_length"), ("weight_kg", "weight"), ("height in cm", "height"),
        ("has_usb_port", "has_usb_port"), ("hasUsbPort", "has_usb_port"), ("is_for_business_computing", "is_for_business_computing"), ("Zip puller", "zip_puller"),
    ],
)  # fmt: skip
def test_names_are_normalised(name: str, normal: str) -> None:
    assert normalise_name(name) == normal


@pytest.mark.parametrize(("name", "unit"), [("weight_kg", "kg"), ("Cable length (m)", "m"), ("height in cm", "cm"), ("Display Size (inches)", "in"), ("Battery capacity mAh", "mAh"), ("wattage", "W"), ("Weight", None), ("Width (x)", None)])  # fmt: skip
def test_a_unit_in_the_name_is_read(name: str, unit: str | None) -> None:
    assert read_name(name).unit == unit


@pytest.mark.parametrize(
    ("name", "kind"),
    [("band_material", "material"), ("seat_height", "dimension"), ("pallet_weight", "logistics"), ("package_width", "logistics"), ("quantity_per_pallet", "logistics"), ("package_contents", "package_content"), ("usb_ports_quantity", "count"), ("special_price", "live"), ("Klima", "weather")],
)  # fmt: skip
def test_longer_names_take_the_kind_of_their_head(name: str, kind: str) -> None:
    family = family_of(name)
    assert family is not None
    assert family.kind == kind


def test_an_unknown_name_has_no_family() -> None:
    assert family_of("momme") is None
    assert own_name("Vegan (product.metafields.custom.vegan)") == "vegan"


@pytest.mark.parametrize("name", ["has_options", "required_options", "tax_class_name", "image_link", "processor_ark_id", "url_key", "meta_title", "store_view_code", "use_config_min_qty", "cost_per_item", "custom_layout_update", "created_at", "small_image_label", "harmonized_system__hs__code", "gtin", ""])  # fmt: skip
def test_technical_names_are_known(name: str) -> None:
    assert is_technical(name)


@pytest.mark.parametrize("name", ["color", "Size", "has_usb_port", "image_resolution", "material", "Handle", "tilt", "status_light"])  # fmt: skip
def test_product_names_are_not_technical(name: str) -> None:
    assert not is_technical(name)


def test_names_of_the_shops_shelves_are_known() -> None:
    assert all(
        map(is_internal, ("erin_recommends", "new", "sale", "eco_collection", "isFeatured", "staff pick"))
    )
    assert not any(map(is_internal, ("performance_fabric", "newborn", "sales_tax_region")))


@given(st.text(max_size=60))
def test_any_name_is_read(name: str) -> None:
    assert isinstance(normalise_name(name), str)
    assert isinstance(is_technical(name), bool)
    assert json.dumps(own_name(name))


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("publication year", None),
        ("Model Year", None),
        ("warranty_years", "y"),
        ("Garantie (Jahre)", "y"),
        ("day", None),
    ],
)
def test_a_moment_in_a_name_is_no_measure(name: str, unit: str | None) -> None:
    assert read_name(name).unit == unit


@pytest.mark.parametrize(
    ("name", "read", "unit"),
    [
        ("composite_video_in", "composite_video_in", None),
        ("audio_in", "audio_in", None),
        ("usb_type_a", "usb_type_a", None),
        ("width_in", "width", "in"),
        ("screen_size_in", "screen_size", "in"),
        ("sleeve_measure_in", "sleeve_measure", "in"),
        ("height_m", "height", "m"),
        ("Maximum paper dimensions (A4 (sheet) [mm])", "maximum_paper_dimensions", "mm"),
        ("Cable length (max. (m))", "cable_length", "m"),
        ("doll_s_gender", "doll's_gender", None),
        ("Doll’s gender", "doll's_gender", None),
    ],
)
def test_what_a_name_ends_in(name: str, read: str, unit: str | None) -> None:
    told = read_name(name)
    assert (told.name, told.unit) == (read, unit)


@pytest.mark.parametrize(
    ("name", "kind"), [("Number of pages", "count"), ("Pages", "count"), ("Front cameras", "performance")]
)
def test_a_count_is_of_countable_things(name: str, kind: str) -> None:
    family = family_of(name)
    assert family is not None
    assert family.kind == kind

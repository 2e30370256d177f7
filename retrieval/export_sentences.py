"""Sentences of our own to compare an export with its original: shop language, short and long, plain and odd."""

from typing import Final

SENTENCES: Final = (
    "waterproof jacket",
    "red running shoes for women",
    "usb-c charger 65w",
    '15.6" laptop with 16 GB of memory',
    "24-MB02",
    "something warm for a child's first winter",
    "gift for a gardener under 30",
    "dishwasher-safe mug",
    "sofa for a small flat",
    "quiet vacuum cleaner, no bag",
    "tent, 3 persons, light enough to carry",
    "M8 × 40 hex bolt, stainless",
    "does it fit a 29 inch wheel?",
    "The jacket is made of recycled polyester and keeps heavy rain out for hours.",
    "Wash at 30 °C with like colours, and dry it in the shade.",
    "This knife is forged from one piece of steel; the handle is walnut.",
    "A merino sweater with ribbed cuffs that keeps its shape after many washes.",
    "The headphones fold flat, charge over USB-C and play for 28 hours.",
    "Please return unworn shoes within 30 days, in their box, with the slip.",
    "Size 42 runs small: choose one size up for thick socks.",
    "An oak board, oiled by hand, 40 cm long and 2.5 cm thick.",
    "With 1,200 W it blends ice and frozen fruit; the jar holds 1.5 litres.",
    "The lamp dims in three steps and remembers the last one.",
    "Feed the plant every second week from April to September.",
    "Our cotton is grown without synthetic pesticides and is certified by an independent body.",
    "The monitor shows 2,560 × 1,440 pixels at 165 Hz and turns upright.",
    "Its battery lasts two days of normal use and fills to half in twenty minutes.",
    "A chair with five castors, a mesh back and armrests that can be set in height and depth.",
    "Suitable for cats of all ages; contains chicken, rice and a little fish oil.",
    "The puzzle has 1,000 pieces and shows a harbour at dusk.",
    "Wool socks, three pairs.",
    (
        "A rucksack for day hikes: 22 litres, a rain cover in the base, a padded back, two bottle pockets that can be "
        "reached while walking, and straps that hold poles. It weighs 780 g and comes in moss and slate."
    ),
    (
        "The coffee is roasted in small batches in the north of Italy. It tastes of cocoa and hazelnut, with little "
        "acidity, and suits espresso machines and moka pots alike. Grind it just before brewing, keep the bag shut and "
        "away from light, and use it within six weeks of opening. Each bag holds 500 g of whole beans."
    ),
    (
        "This bicycle light throws a beam of 60 lux onto the road and none into the eyes of those who come towards "
        "you. It is switched on by a sensor at dusk, warns of an empty battery an hour ahead, and holds out a storm: "
        "its case is sealed to IPX6. The bracket fits bars from 22 to 35 mm and needs no tool. In the box: light, "
        "bracket, charging lead, and a guide in nine languages."
    ),
    "Straight fit, high waist, five pockets, 99 % cotton and 1 % elastane",
    "robe d'été en lin, manches courtes",
    "Kinderfahrrad 20 Zoll mit Rücktrittbremse",
    "☕ mug 🎁 gift",
    "SALE!!! 50 % OFF !!!",
    "a",
)
PROBES: Final = SENTENCES[1], SENTENCES[13], SENTENCES[31]  # short, a sentence, a paragraph

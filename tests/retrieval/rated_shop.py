"""A made-up shop of many kinds of things and queries that people rated: a yardstick that needs no data from elsewhere.

Ratings by key: 3 what was asked for, 2 nearly, 1 of some use; all else is of none.
"""

from collections.abc import Mapping
from typing import Final

from retrieval.items import Item


def _item(key: str, title: str, brand: str, path: str, description: str = "", **attributes: str) -> Item:
    category = tuple(path.split(" > "))
    return Item(key, title, brand, category, description=description, attributes=tuple(attributes.items()))


PRODUCTS: Final = (
    _item("NB-14", "Skarn Book 14 laptop", "Skarn", "Computers > Laptops", "Light notebook with 16 GB memory and 512 GB SSD.", display='14"', weight="1.2 kg"),
    _item("NB-16", "Skarn Book 16 Pro laptop", "Skarn", "Computers > Laptops", "For editors: 32 GB memory, 1 TB SSD.", display='16"'),
    _item("NB-G15", "Vantor Raid 15.6 gaming notebook", "Vantor", "Computers > Laptops", "Fast graphics and 16 GB RAM.", display="39.6 cm"),
    _item("SL-14", "Felt sleeve for 14 inch laptops", "Loden", "Accessories > Bags", "Wool felt with a magnetic flap."),
    _item("BG-16", "Commuter backpack", "Loden", "Accessories > Bags", 'Padded compartment for laptops up to 16". Water repellent.'),
    _item("BT-NB", "Replacement battery for Skarn Book 14", "Cellwerk", "Accessories > Power", "Li-ion, 56 Wh."),
    _item("CH-65", "USB-C charger 65 W", "Cellwerk", "Accessories > Power", "Charges laptops and phones. Two ports."),
    _item("CB-C2", "USB-C cable 2 m", "Cellwerk", "Accessories > Cables", "Braided charging cable."),
    _item("CB-C05", "USB-C cable 0.5 m", "Cellwerk", "Accessories > Cables", "Short charging cable."),
    _item("CB-H2", "HDMI cable 200 cm", "Lumio", "Accessories > Cables", "4K at 60 Hz."),
    _item("PH-7", "Orbit 7 smartphone 128 GB", "Orbit", "Phones", "6.1 inch screen and two cameras.", colour="black"),
    _item("PH-7P", "Orbit 7 Pro smartphone 256 GB", "Orbit", "Phones", "6.7 inch screen and three cameras.", colour="blue"),
    _item("CS-7", "Clear case for Orbit 7", "Hulle", "Accessories > Cases", "Slim shell of recycled plastic."),
    _item("GL-7", "Screen protector for Orbit 7, tempered glass", "Hulle", "Accessories > Cases", "Two pieces with a frame."),
    _item("TV-55", "Lumio 55 inch 4K television", "Lumio", "TV", "QLED smart TV with four HDMI inputs.", colour="black"),
    _item("TV-43", "Lumio 43 inch television", "Lumio", "TV", "Full HD smart TV."),
    _item("WM-55", "Wall mount for televisions 43 to 65 inch", "Lumio", "TV > Mounts", "Tilts by 12 degrees."),
    _item("SP-B", "Pebble Bluetooth speaker", "Tonal", "Audio", "Waterproof portable speaker, 12 hours of music.", colour="red"),
    _item("HP-N", "Hush over-ear headphones with noise cancelling", "Tonal", "Audio", "Wireless, 30 hours of battery."),
    _item("HP-W", "Tonal wired earphones", "Tonal", "Audio", "3.5 mm plug and microphone."),
    _item("AD-J", "Jack adapter 1/4 inch to 3.5 mm", "Tonal", "Audio > Adapters", "For headphones at an amplifier."),
    _item("BO-05", "Tarn water bottle 0.5 l", "Tarn", "Outdoor > Bottles", "Stainless steel, keeps drinks cold.", colour="green"),
    _item("BO-1", "Tarn water bottle 1 l", "Tarn", "Outdoor > Bottles", "Stainless steel with a carrying loop."),
    _item("FL-75", "Thermos flask 750 ml", "Tarn", "Outdoor > Bottles", "Keeps tea hot for 12 hours."),
    _item("TE-2", "Fell two-person tent", "Fernweh", "Outdoor > Tents", "Waterproof to 3000 mm, 2.1 kg."),
    _item("TE-4", "Fell family tent for four", "Fernweh", "Outdoor > Tents", "Two sleeping cabins and a porch."),
    _item("SB-0", "Down sleeping bag", "Fernweh", "Outdoor > Sleeping", "Comfort to 0 °C, 900 g."),
    _item("JK-R", "Harrow rain jacket, women", "Fernweh", "Clothing > Jackets", "Waterproof shell with adjustable hood.", colour="navy"),
    _item("JK-D", "Harrow down jacket, men", "Fernweh", "Clothing > Jackets", "Warm and light, for dry cold.", colour="black"),
    _item("TS-B", "Organic cotton T-shirt, men", "Loden", "Clothing > Shirts", "Crew neck.", colour="blue"),
    _item("TS-W", "Organic cotton T-shirt, women", "Loden", "Clothing > Shirts", "V neck.", colour="white"),
    _item("SH-R", "Stride running shoes, women", "Pacer", "Clothing > Shoes", "Cushioned for long road runs.", colour="white"),
    _item("SH-T", "Stride trail running shoes, men", "Pacer", "Clothing > Shoes", "Grip on mud and rock."),
    _item("SH-H", "Leather hiking boots", "Pacer", "Clothing > Shoes", "Waterproof membrane.", colour="brown"),
    _item("MU-1", "Stoneware coffee mug 300 ml", "Bremen", "Kitchen > Cups", "Glazed by hand, dishwasher safe."),
    _item("CM-1", "Filter coffee machine", "Bremen", "Kitchen > Coffee", "Glass jug for ten cups, timer."),
    _item("CM-E", "Espresso machine with milk frother", "Bremen", "Kitchen > Coffee", "15 bar pump, 1.8 l tank."),
    _item("GR-1", "Burr coffee grinder", "Bremen", "Kitchen > Coffee", "Fourteen settings from espresso to filter."),
    _item("FP-40", "Paper filters for coffee machines, 40 pieces", "Bremen", "Kitchen > Coffee", "Size 4, unbleached."),
    _item("KN-20", "Chef's knife 20 cm", "Klinge", "Kitchen > Knives", "Forged steel, walnut handle."),
    _item("PA-28", "Cast iron frying pan 28 cm", "Klinge", "Kitchen > Pans", "For all hobs, induction too."),
    _item("LP-D", "LED desk lamp", "Lumio", "Home > Lamps", "Dimmable, with a USB port."),
)  # fmt: skip

RATINGS: Final[Mapping[str, Mapping[str, int]]] = {
    "laptop": {"NB-14": 3, "NB-16": 3, "NB-G15": 3},
    "laptop battery": {"BT-NB": 3, "CH-65": 1},
    '15.6" gaming laptop': {"NB-G15": 3, "NB-16": 1, "NB-14": 1},
    "usbc cable": {"CB-C2": 3, "CB-C05": 3, "CH-65": 1, "CB-H2": 1},
    "2m hdmi cable": {"CB-H2": 3, "CB-C2": 1},
    "orbit7 case": {"CS-7": 3, "GL-7": 1, "PH-7": 1},
    "55 inch tv": {"TV-55": 3, "TV-43": 2, "WM-55": 1},
    "blutooth speaker waterproof": {"SP-B": 3},
    "500ml bottle": {"BO-05": 3, "BO-1": 1, "FL-75": 1},
    "waterproof jacket womens": {"JK-R": 3, "JK-D": 1},
    "tshirt blue": {"TS-B": 3, "TS-W": 2},
    "running shoe": {"SH-R": 3, "SH-T": 3, "SH-H": 1},
    "¼ jack adapter": {"AD-J": 3},
    "coffee maschine": {"CM-1": 3, "CM-E": 3, "GR-1": 1},
    "sleepingbag": {"SB-0": 3},
}

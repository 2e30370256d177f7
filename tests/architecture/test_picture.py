"""The picture in docs/architecture.md shows the imports as they are: no arrow too many, none missing."""

import re

# In every room's imports, and so in nobody's picture; and the line that makes `python -m app` the command line.
LEFT_OUT = {"errors", "settings", "telemetry", "__main__"}
# Drawn as one box as to what they stand on, and one by one as to each other.
FRONT = {"cli", "main", "demo", "api"}


def room_of(name: str, rooms: set[str]) -> str | None:
    """`app.catalog.feeds.rows` stands in catalog, `seo.language.stems` in seo."""
    parts = name.split(".")
    room = parts[1] if parts[0] == "app" and len(parts) > 1 else parts[0]
    return room if room in rooms else None


def test_the_picture_is_true(modules, root):
    picture = re.search(
        r"```mermaid\n(.*?)```", (root / "docs/architecture.md").read_text("utf-8"), re.DOTALL
    )
    assert picture
    drawn = {
        (source.strip(), target.strip())
        for line in picture[1].splitlines()
        if "-->" in line
        for source in line.partition("-->")[0].split("&")
        for target in line.partition("-->")[2].split("&")
    }
    rooms = set(re.findall(r"^ *(\w+)\[", picture[1], re.MULTILINE))
    real = {
        (importer, imported)
        for module in modules
        if (importer := room_of(module.name, rooms))
        for name in module.imports()
        if (imported := room_of(name, rooms)) and imported != importer
    }
    real = {("front" if a in FRONT and b not in FRONT else a, b) for a, b in real}
    missing, invented = sorted(real - drawn), sorted(drawn - real)
    assert (missing, invented) == ([], []), (
        "arrows missing from the picture, and arrows that no import stands for"
    )
    unknown = {m.name.split(".")[1] for m in modules if m.name.startswith("app.")} - rooms - LEFT_OUT
    assert unknown == set(), "rooms that the picture does not show"

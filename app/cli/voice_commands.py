"""The commands `voices …` and `rules …` with their options: what `--help` shows."""

from enum import StrEnum
from typing import Annotated

import typer

from app.cli.groups import AsJson

voices_app = typer.Typer(help="How copy sounds: shipped voices, and the shop's own.", rich_markup_mode=None)
rules_app = typer.Typer(help="Phrases that no copy may have, whatever its voice.", rich_markup_mode=None)

Name = Annotated[str, typer.Argument(metavar="NAME", help="A voice, as `voices list` shows it.")]


class SampleFormat(StrEnum):
    """Formats of samples."""

    auto = "auto"
    markdown = "markdown"
    html = "html"
    text = "text"


@voices_app.command("list")
def voices_list(as_json: AsJson = False) -> int:
    """List the voices, shipped ones first."""
    from app.cli import voicing  # noqa: PLC0415 - lazily

    return voicing.list_voices(as_json=as_json)


@voices_app.command("show")
def voices_show(name: Name, as_json: AsJson = False) -> int:
    """Show what a voice asks."""
    from app.cli import voicing  # noqa: PLC0415 - lazily

    return voicing.show(name, as_json=as_json)


@voices_app.command("put")
def voices_put(
    name: Name,
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE", help="JSON, as `learn --json` gives it in `voice`; `-` reads standard input."
        ),
    ],
    as_json: AsJson = False,
) -> int:
    """Make or change a voice of the shop's own."""
    from app.cli import voicing  # noqa: PLC0415 - lazily

    return voicing.put(name, file, as_json=as_json)


@voices_app.command("learn")
def voices_learn(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="Text, Markdown or HTML; `-` reads standard input.")
    ],
    extends: Annotated[str, typer.Option(help="The shipped voice to start from.")] = "plain",
    format: Annotated[  # noqa: A002 - the option's name
        SampleFormat, typer.Option(help="Found out from name and content, if not given.")
    ] = SampleFormat.auto,
    save: Annotated[str | None, typer.Option(metavar="NAME", help="Save it under this name.")] = None,
    as_json: AsJson = False,
) -> int:
    """Measure sample texts: the voice they have, and how sure that is."""
    from app.cli import voicing  # noqa: PLC0415 - lazily

    return voicing.learn(files, extends, format.value, save, as_json=as_json)


@voices_app.command("delete")
def voices_delete(name: Name, as_json: AsJson = False) -> int:
    """Delete a voice of the shop's own; its texts are still judged by it."""
    from app.cli import voicing  # noqa: PLC0415 - lazily

    return voicing.delete(name, as_json=as_json)


@voices_app.command("check")
def voices_check(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A text; `-` reads standard input.")],
    voice: Annotated[str, typer.Option(help="The voice it should have.")] = "plain",
    locale: Annotated[str, typer.Option(help="en-US or en-GB.")] = "en-US",
    facts: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="Facts, as `ground` reads them: what is a name, what may be claimed."
        ),
    ] = None,
    fix: Annotated[bool, typer.Option("--fix", help="Print the text with every safe correction.")] = False,
    as_json: AsJson = False,
) -> int:
    """Judge a text by a voice; exit code 1 where a fault bars approval."""
    from app.cli import voicing  # noqa: PLC0415 - lazily

    return voicing.check(file, voice, locale, facts, fix=fix, as_json=as_json)


@rules_app.command("list")
def rules_list(as_json: AsJson = False) -> int:
    """List the brand rules, oldest first."""
    from app.cli import voicing  # noqa: PLC0415 - lazily

    return voicing.list_rules(as_json=as_json)


@rules_app.command("add")
def rules_add(
    phrase: Annotated[str, typer.Argument(metavar="PHRASE", help="What no copy may say, in any inflection.")],
    reason: Annotated[str, typer.Option(help="Why: whoever is refused reads it.")],
    replacement: Annotated[str | None, typer.Option(help="What is said instead.")] = None,
    as_json: AsJson = False,
) -> int:
    """Add a brand rule; copy that breaks it cannot be approved."""
    from app.cli import voicing  # noqa: PLC0415 - lazily

    return voicing.add_rule(phrase, reason, replacement, as_json=as_json)


@rules_app.command("remove")
def rules_remove(rule_id: Annotated[str, typer.Argument(metavar="ID")], as_json: AsJson = False) -> int:
    """Remove a brand rule."""
    from app.cli import voicing  # noqa: PLC0415 - lazily

    return voicing.remove_rule(rule_id, as_json=as_json)

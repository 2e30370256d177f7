"""`shelftalker voices …` and `shelftalker rules …`."""

import sys
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from rich.table import Table
from rich.text import Text

from app.api.models.voice_checks import VoiceCheckIn, VoiceCheckOut
from app.api.models.voices import (
    LearntOut,
    RuleOut,
    RulePage,
    VoiceIn,
    VoiceOut,
    VoicePage,
)
from app.api.outcomes import DONE, FAILED
from app.api.voice_checks import judged
from app.cli import output
from app.cli.grounding import read_facts
from app.cli.inputs import read_json, read_text
from app.cli.session import with_services
from app.copywriting.voices.learning import NewSample
from app.copywriting.voices.values import VoiceSettings
from app.errors import Invalid, Problem
from app.services import Services
from retrieval.facts import Fact

ACTOR = "local"
_ALL = 1000


def list_voices(*, as_json: bool) -> int:
    """Print the voices."""

    async def work(services: Services) -> int:
        voices = [VoiceOut.of(voice) for voice in await services.voices.list()]
        if as_json:
            output.document(VoicePage(items=voices))
            return DONE
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for column in ("Name", "Extends", "Version", "Description"):
            table.add_column(column)
        for voice in voices:
            row = (voice.name, voice.extends or "shipped", str(voice.version), voice.description)
            table.add_row(*(Text(output.plain(cell)) for cell in row))
        output.console().print(table)
        return DONE

    return with_services(work)


def show(name: str, *, as_json: bool) -> int:
    """Print what a voice asks. Raises NotFound."""

    async def work(services: Services) -> int:
        voice = VoiceOut.of(await services.voices.get(name))
        if as_json:
            output.document(voice)
        else:
            _show(voice)
        return DONE

    return with_services(work)


def put(name: str, file: str, *, as_json: bool) -> int:
    """Make or change a voice. Raises Invalid."""
    settings = _settings(file)

    async def work(services: Services) -> int:
        _saved(VoiceOut.of(await services.voices.put(name, settings, ACTOR)), as_json=as_json)
        return DONE

    return with_services(work)


def learn(files: list[str], extends: str, format: str, save: str | None, *, as_json: bool) -> int:  # noqa: A002 - the option's name
    """Measure samples, show what they tell, and save the voice where a name is given. Raises Invalid."""
    known = {"text": "text", "markdown": "markdown", "html": "html"}
    samples = [NewSample(_bytes(file), "" if file == "-" else file, known.get(format)) for file in files]  # type: ignore[arg-type]  # the enum's own words

    async def work(services: Services) -> int:
        learnt = await services.voices.learn(samples, extends)
        answer = LearntOut.of(learnt)
        saved = await services.voices.put(save, learnt.settings, ACTOR) if save else None
        if as_json:
            document = answer.model_dump(mode="json")
            output.document(
                document | ({"saved": VoiceOut.of(saved).model_dump(mode="json")} if saved else {})
            )
            return DONE
        _show_learnt(answer)
        if saved:
            _saved(VoiceOut.of(saved), as_json=False)
        else:
            output.console().print(
                "Nothing is saved. --save NAME does, or --json, edit `voice`, and `voices put NAME FILE`"
            )
        return DONE

    return with_services(work)


def delete(name: str, *, as_json: bool) -> int:
    """Delete a voice. Raises NotFound, Conflict (shipped)."""

    async def work(services: Services) -> int:
        await services.voices.delete(name, ACTOR)
        if as_json:
            output.document({"name": name, "deleted": True})
        else:
            output.console().print(f"Deleted {output.plain(name)}; its texts are still judged by it")
        return DONE

    return with_services(work)


def check(file: str, voice: str, locale: str, facts_file: str | None, *, fix: bool, as_json: bool) -> int:
    """Judge a text by a voice; 1 where a fault bars approval. Raises Invalid."""
    text = read_text(file)
    facts: tuple[Fact, ...] = tuple(read_facts(facts_file)) if facts_file else ()
    try:
        body = VoiceCheckIn(text=text, voice=voice, locale=locale, fix=fix)
    except ValidationError as error:
        raise Invalid(f"{file}: {error.errors()[0]['msg']}") from None

    async def work(services: Services) -> int:
        answer = judged(body, await services.voices.book(), facts)
        if as_json:
            output.document(answer)
        else:
            _show_check(answer)
        return DONE if answer.passed else FAILED

    return with_services(work)


def list_rules(*, as_json: bool) -> int:
    """Print the brand rules that hold."""

    async def work(services: Services) -> int:
        page = await services.voices.rules(_ALL)
        rules = [RuleOut.model_validate(rule) for rule in page.items]
        if as_json:
            output.document(RulePage(items=rules, next_cursor=page.next_cursor))
            return DONE
        console = output.console()
        if not rules:
            console.print("No brand rule yet: shelftalker rules add PHRASE --reason WHY")
            return DONE
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for column in ("ID", "Phrase", "Instead", "Reason", "By"):
            table.add_column(column)
        for rule in rules:
            row = (rule.id, rule.phrase, rule.replacement or "", rule.reason, rule.actor)
            table.add_row(*(Text(output.plain(cell)) for cell in row))
        console.print(table)
        return DONE

    return with_services(work)


def add_rule(phrase: str, reason: str, replacement: str | None, *, as_json: bool) -> int:
    """Add a brand rule. Raises Invalid, Conflict."""

    async def work(services: Services) -> int:
        rule = RuleOut.model_validate(await services.voices.add_rule(phrase, reason, ACTOR, replacement))
        if as_json:
            output.document(rule)
        else:
            instead = f", “{rule.replacement}” instead" if rule.replacement else ""
            output.console().print(output.plain(f"{rule.id}: no copy says “{rule.phrase}”{instead}"))
        return DONE

    return with_services(work)


def remove_rule(rule_id: str, *, as_json: bool) -> int:
    """Remove a brand rule. Raises NotFound."""

    async def work(services: Services) -> int:
        rule = await services.voices.remove_rule(rule_id, ACTOR)
        if as_json:
            output.document({"id": rule.id, "removed": True})
        else:
            output.console().print(output.plain(f"Removed {rule.id}: “{rule.phrase}” may be said again"))
        return DONE

    return with_services(work)


def _settings(file: str) -> VoiceSettings:
    found: Any = read_json(file)
    if isinstance(found, dict) and isinstance(found.get("voice"), dict):
        found = found["voice"]  # the whole answer of `learn`
    try:
        return VoiceIn.model_validate(found).to_value()
    except ValidationError as error:
        problems = [
            Problem("/" + "/".join(str(part) for part in e["loc"]), str(e["msg"])) for e in error.errors()
        ]
        raise Invalid(f"{file}: {problems[0].pointer}: {problems[0].detail}", problems=problems) from None


def _bytes(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise Invalid(f"{file}: {error.strerror}") from None


def _saved(voice: VoiceOut, *, as_json: bool) -> None:
    if as_json:
        output.document(voice)
    else:
        note = f"Saved {voice.name}, version {voice.version}, which extends {voice.extends}. Next: shelftalker generate --all --voice {voice.name}"
        output.console().print(output.plain(note))


def _show(voice: VoiceOut) -> None:
    console = output.console()
    head = f"{voice.name}, " + (
        "shipped" if voice.shipped else f"version {voice.version}, extends {voice.extends}"
    )
    console.print(Text(output.plain(head), style="bold"))
    if voice.description:
        console.print(Text(output.plain(voice.description)))
    rules = voice.rules.model_dump()
    words = [*rules.pop("brand"), *rules.pop("forbidden")]
    for name, value in rules.items():
        if value not in (None, [], ""):
            shown = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
            shown = ", ".join(shown) if isinstance(shown, list) else shown
            console.print(Text(f"  {name.replace('_', ' ')}: {output.plain(str(shown))}"))
    told = (w["phrase"] + (f" → {w['replacement']}" if w["replacement"] else "") for w in words)
    console.print(Text(f"  never says: {output.plain('; '.join(told))}"))


def _show_learnt(answer: LearntOut) -> None:
    console = output.console()
    head = f"{output.counted(answer.texts, 'text')}, {output.counted(answer.sentences, 'sentence')}, {output.counted(answer.words, 'word')}"
    console.print(Text(head, style="bold"))
    for feature in answer.features:
        said = "cannot be told" if not feature.told else _value(feature.value)
        line = Text.assemble(
            f"  {feature.id.replace('_', ' ')}: ", (said, "green" if feature.told else "yellow")
        )
        line.append(f"  {output.plain(feature.detail)}", style="dim")
        console.print(line)
    for name, found in (("characteristic", answer.characteristic), ("avoided", answer.avoided)):
        if found:
            told = ", ".join(f"{w.word} ({w.count} against {w.reference_count})" for w in found[:12])
            console.print(Text(f"  {name}: {output.plain(told)}"))
    console.print(Text(f"  words: {output.plain(answer.reference)}", style="dim"))


def _value(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {number}" for name, number in value.items())
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _show_check(answer: VoiceCheckOut) -> None:
    console = output.console()
    if answer.fixed is not None:
        print(answer.fixed.text)
        for change in answer.fixed.changes:
            print(
                output.plain(f"“{change.before}” → “{change.after}” ({', '.join(change.rules)})"),
                file=sys.stderr,
            )
    for finding in answer.fixed.findings if answer.fixed is not None else answer.findings:
        style = {"error": "red", "warning": "yellow"}.get(finding.severity, "dim")
        line = Text.assemble((finding.severity, style), f"  {finding.start}: {output.plain(finding.detail)}")
        console.print(line)
    if answer.fixed is None and not answer.findings:
        console.print(f"As {output.plain(answer.voice)} has it.")

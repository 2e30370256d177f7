"""`shelftalker ground`: any text against any facts, without a database."""

from pydantic import TypeAdapter, ValidationError
from rich.text import Text

from app.api.models.checks import FactIn, GroundingOut
from app.api.outcomes import DONE, FAILED
from app.cli import output
from app.cli.inputs import read_json, read_text
from app.errors import Invalid, Problem
from evaluators import check_grounding
from retrieval.facts import Fact

MARKS = {
    "supported": ("✓", "green"),
    "claimless": ("·", "dim"),
    "unsupported": ("?", "yellow"),
    "contradicted": ("✗", "red"),
}


def ground(file: str, facts_file: str, *, as_json: bool) -> int:
    """Judge and print; 1 where a sentence is unsupported or contradicted. Raises Invalid for unreadable input."""
    if file == facts_file == "-":
        raise Invalid("standard input can be the text or the facts, not both")
    text = read_text(file)
    report = check_grounding(text, read_facts(facts_file))
    answer = GroundingOut.model_validate(report)
    failed = any(s.verdict in ("unsupported", "contradicted") for s in answer.sentences)
    if as_json:
        output.document(answer)
    else:
        _show(answer)
    return FAILED if failed else DONE


def read_facts(name: str) -> list[Fact]:
    """The facts of a file: a list, an object with `facts` or `items`, or JSON Lines. Raises Invalid."""
    found = read_json(name)
    if isinstance(found, dict):
        found = found.get("facts", found.get("items", [found] if "value" in found else None))
    if not isinstance(found, list):
        raise Invalid(f'{name}: facts are a list, {{"facts": […]}} or JSON Lines')
    # Hand-written files may leave the ids out.
    numbered = [{"id": f"F{i}", **one} if isinstance(one, dict) else one for i, one in enumerate(found, 1)]
    try:
        facts = [one.to_value() for one in TypeAdapter(list[FactIn]).validate_python(numbered)]
    except ValidationError as error:
        problems = [
            Problem("/" + "/".join(str(part) for part in e["loc"]), str(e["msg"])) for e in error.errors()
        ]
        raise Invalid(f"{name}: {problems[0].pointer}: {problems[0].detail}", problems=problems) from None
    ids = [fact.id for fact in facts]
    repeated = next((fact_id for fact_id in ids if ids.count(fact_id) > 1), None)
    if repeated is not None:
        raise Invalid(f"{name}: the id {repeated!r} is given to two facts")
    return facts


def _show(answer: GroundingOut) -> None:
    console = output.console()
    for sentence in answer.sentences:
        mark, style = MARKS[sentence.verdict]
        line = Text.assemble((mark, style), " ", output.plain(sentence.text))
        if sentence.facts:
            line.append(f" [{' '.join(sentence.facts)}]", style="dim")
        console.print(line)
        for claim in sentence.claims:
            if claim.verdict in ("unsupported", "contradicted"):
                words = Text.assemble("    ", (output.plain(claim.text), "bold"), f": {claim.verdict}, ")
                words.append(output.plain(claim.reason), style="dim")
                console.print(words)
    console.print(Text(f"score {answer.score:.2f}", style="bold"))

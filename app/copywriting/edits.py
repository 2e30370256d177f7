"""A human edit as a pure function: fields checked against their template, and merged."""

from collections.abc import Mapping
from typing import Any

import nh3

from app.copywriting.copy import Fields
from app.errors import Invalid, Problem
from evaluators.text_checks import ALLOWED_TAGS
from prompts import FieldSpec, Template


def apply_edit(fields: Fields, changes: Mapping[str, Any], template: Template) -> dict[str, Any]:
    """The fields with the changes in them; elements of a map are merged, everything else is replaced.

    Raises Invalid with a problem for each field that the template does not have or that is of the wrong form.
    """
    specs = {field.name: field for field in template.fields}
    if not changes:
        raise Invalid("an edit changes at least one field", pointer="/fields")
    problems = [problem for name, value in changes.items() for problem in _problems(name, value, specs)]
    if problems:
        raise Invalid("; ".join(problem.detail for problem in problems), problems=problems)
    merged = dict(fields)
    for name, value in changes.items():
        if specs[name].kind == "map":
            merged[name] = {**merged.get(name, {}), **value}
        else:
            merged[name] = sanitised(value) if specs[name].kind == "html" else value
    return merged


def sanitised(html: str) -> str:
    """HTML with nothing but the tags that copy may hold: what an editor pastes along falls away, scripts with their text."""
    return nh3.clean(html, tags=set(ALLOWED_TAGS), attributes={})


def _problems(name: str, value: object, specs: Mapping[str, FieldSpec]) -> list[Problem]:
    pointer = "/fields/" + name.replace("~", "~0").replace("/", "~1")
    spec = specs.get(name)
    if spec is None:
        return [Problem(pointer, f"there is no field {name!r}; there are: {', '.join(specs)}")]
    if spec.kind == "list":
        fits = isinstance(value, list) and all(isinstance(item, str) for item in value)
        wanted = "a list of texts"
    elif spec.kind == "map":
        fits = isinstance(value, dict) and all(isinstance(item, str) for item in value.values())
        wanted = "an object of texts"
    else:
        fits, wanted = isinstance(value, str), "a text"
    return [] if fits else [Problem(pointer, f"{name} must be {wanted}")]

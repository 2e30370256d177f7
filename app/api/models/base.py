"""The two kinds of models, and the texts and amounts that all of them share."""

from decimal import Decimal
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

# PostgreSQL keeps no NUL in a text, and no catalog has a use for one.
Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]
Scalar = Text | int | float | bool


def _as_text(value: object) -> object:
    """A number or a yes-or-no of JSON as a shop's file would have it; everything else stays for the type to judge."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value


def _as_texts(value: object) -> object:
    return [_as_text(item) for item in value] if isinstance(value, list) else _as_text(value)


# A value as shops send it: text, number, yes or no, or a list of them; read as text.
Value = Annotated[Text | list[Text], BeforeValidator(_as_texts, json_schema_input_type=Scalar | list[Scalar])]
Sku = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]+$", max_length=255)]
Locale = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35),
    Field(examples=["en-US"]),
]
Time = AwareDatetime


class Body(BaseModel):
    """A request's body: a member that it does not know is an error, not a guess."""

    model_config = ConfigDict(extra="forbid")


class Answer(BaseModel):
    """A response's body, read from a value of the domain by attribute names."""

    model_config = ConfigDict(from_attributes=True)


class Money(BaseModel):
    """An amount as a decimal string, so that no float rounds it, and its ISO 4217 currency."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    amount: Annotated[
        str,
        BeforeValidator(lambda amount: f"{amount:f}" if isinstance(amount, Decimal) else amount),
        StringConstraints(pattern=r"^[0-9]{1,12}(\.[0-9]{1,6})?$"),
        Field(examples=["19.99"]),
    ]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = Field(None, examples=["EUR"])

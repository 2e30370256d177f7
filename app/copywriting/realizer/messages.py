"""Messages: the facts that were chosen, each with what it tells a buyer. Selection makes them, all later stages read them."""

from dataclasses import dataclass, field
from typing import Literal

from retrieval.facts import Fact

Role = Literal[
    "identity",
    "make",
    "look",
    "fit",
    "part",
    "function",
    "measure",
    "use",
    "care",
    "proof",
    "content",
    "choice",
]
"""The buyer's question that a message answers (Reiter & Dale's message types).

identity: what is it · make: what is it made of · look: how does it look · fit: how does it fit, what does it fit ·
part: what is on it · function: what does it do · measure: how large, heavy, much · use: where and when ·
care: how to keep it · proof: who vouches for it · content: what is in the box · choice: which versions are there.
"""

Form = Literal[
    "name",
    "noun",
    "adjective",
    "verb",
    "imperative",
    "participle",
    "phrase",
    "clause",
    "goods",
    "quantity",
    "number",
    "yes",
    "no",
]
"""What kind of words a value is, and so which places in a sentence can take it.

name: a proper name, a model, a code · noun: "kangaroo pocket" · adjective: "water-repellent" · verb: "wicks moisture" ·
imperative: "machine wash cold" · participle: "made in Italy" · phrase: "for indoor use" · clause: "the lid locks" · goods: a sort of
thing ("windbreaker") ·
quantity: a number with its unit · number: one without · yes, no: whether.
"""

Number = Literal["singular", "plural", "mass"]


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a message as it stands in mid-sentence ("organic cotton", "CoolTech™", "15.6"), in the shop's spelling.

    `head` is the noun that a noun phrase turns on ("pocket" of "kangaroo pocket"), `number` its grammatical number; of a
    yes or a no `head` is the shape of the attribute's name (see `labels`).
    `unit` is the canonical symbol where `form` is "quantity".
    """

    text: str
    form: Form
    head: str = ""
    number: Number = "singular"
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to say and the facts it rests on.

    `family` is the fact's name ("material", or a shop's own "battery_rating"), `kind` the kind of that family
    ("feature" where no family is known and the fact is a feature, else "other"). `label` is the attribute's name in
    mid-sentence words ("battery rating", "number of HDMI ports"). `salience` orders messages, higher first; `fits_angle` marks
    what the angle of the text, or its audience, puts in front. `ids` are its facts', `texts` its values', `form` is that of
    its values where they agree, else that of the first: all three are asked for so often that they are found once.
    """

    role: Role
    family: str
    kind: str
    label: str
    values: tuple[Value, ...]
    facts: tuple[Fact, ...]
    salience: float = 0.0
    fits_angle: bool = False
    ids: tuple[str, ...] = field(init=False, repr=False, compare=False)
    form: Form = field(init=False, repr=False, compare=False)
    texts: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        put = object.__setattr__
        put(self, "ids", tuple([fact.id for fact in self.facts]))
        put(self, "form", self.values[0].form)
        put(self, "texts", tuple([value.text for value in self.values]))

    def weighing(self, salience: float, *, fits_angle: bool) -> "Message":
        """The same message with another weight."""
        return Message(
            self.role, self.family, self.kind, self.label, self.values, self.facts, salience, fits_angle
        )

    @property
    def is_choice(self) -> bool:
        """Whether it sums up what the variants differ in."""
        return self.role == "choice"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A fact that is not written, and why ("no known unit")."""

    fact: Fact
    reason: str

    def __str__(self) -> str:
        return f"{self.fact.name}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Selection:
    """What will be said, most important first, what identifies the product, and what was left out.

    `messages` holds the identity messages too (role "identity": families "title", "brand", "type", "model", …).
    `unused` tells what of the request was not used, and why.
    """

    messages: tuple[Message, ...]
    left_out: tuple[LeftOut, ...] = ()
    unused: tuple[str, ...] = ()

    def of(self, family: str) -> Message | None:
        """The first message of that family."""
        return next((message for message in self.messages if message.family == family), None)

    def with_role(self, *roles: Role) -> tuple[Message, ...]:
        """The messages with one of these roles, in order."""
        return tuple(message for message in self.messages if message.role in roles)

    @property
    def notes(self) -> tuple[str, ...]:
        """What of the request and of the facts was left out and why, a line each."""
        return (*self.unused, *(str(item) for item in self.left_out))

"""A quick value is the frozen dataclass that it was."""

import copy
import inspect
import pickle
from dataclasses import FrozenInstanceError, asdict, dataclass, field, replace

import pytest

from retrieval.quick_values import quick


@dataclass(frozen=True, slots=True)
class Plain:
    """As dataclasses make it."""

    sku: str
    price: int = 3
    names: list[str] = field(default_factory=list)
    seen: bool = field(default=False, init=False)
    unit: str = field(default="kg", kw_only=True)


@quick
@dataclass(frozen=True, slots=True)
class Quick:
    """The same, quickly."""

    sku: str
    price: int = 3
    names: list[str] = field(default_factory=list)
    seen: bool = field(default=False, init=False)
    unit: str = field(default="kg", kw_only=True)


def test_it_takes_what_the_dataclass_takes_and_holds_the_same() -> None:
    for args, named in [(("A",), {}), (("A", 4), {"unit": "g"}), ((), {"sku": "A", "names": ["x"]})]:
        assert asdict(Quick(*args, **named)) == asdict(Plain(*args, **named))  # type: ignore[arg-type]
    ours, theirs = inspect.signature(Quick).parameters, inspect.signature(Plain).parameters
    assert [(p.name, p.kind, p.annotation) for p in ours.values()] == [
        (p.name, p.kind, p.annotation) for p in theirs.values()
    ]
    assert Quick("A").names is not Quick("A").names
    for wrong in [{}, {"sku": "A", "colour": "red"}, {"sku": "A", "seen": True}]:
        with pytest.raises(TypeError):
            Quick(**wrong)  # type: ignore[arg-type]


def test_it_is_frozen_equal_and_copied_as_before() -> None:
    value = Quick("A", 4, ["x"])
    with pytest.raises(FrozenInstanceError):
        value.price = 5  # type: ignore[misc]
    assert value == Quick("A", 4, ["x"]) != Quick("B", 4, ["x"])
    assert replace(value, price=5) == Quick("A", 5, ["x"])
    assert copy.copy(value) == pickle.loads(pickle.dumps(value)) == value  # noqa: S301 - its own
    assert repr(value) == "Quick(sku='A', price=4, names=['x'], seen=False, unit='kg')"


def test_what_it_does_not_know_is_refused() -> None:
    @dataclass(frozen=True)
    class NoSlots:
        sku: str

    @dataclass(frozen=True, slots=True)
    class Checked:
        sku: str

        def __post_init__(self) -> None: ...

    for cls in (NoSlots, Checked):
        with pytest.raises(TypeError, match=cls.__name__):
            quick(cls)

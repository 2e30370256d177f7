"""What is good copy? Grounding, the gate, and (later) suites, statistics and off-policy estimates.

The functions are imported when they are first named, so that the values (`evaluators.grounding.verdicts`) cost
nothing to those that only carry them.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evaluators.grounding.check import check_grounding
    from evaluators.grounding.verdicts import Claim, GroundingReport, SentenceVerdict, Verdict

__all__ = ["Claim", "GroundingReport", "SentenceVerdict", "Verdict", "check_grounding"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from evaluators.grounding import check, verdicts  # noqa: PLC0415 - see the docstring

    return getattr(check if name == "check_grounding" else verdicts, name)

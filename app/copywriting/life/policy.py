"""What a shop may set about the life of its copy."""

from dataclasses import dataclass, field
from typing import Literal, get_args

from app.copywriting.copy import Authorship, Copy, Dispute
from app.errors import Conflict, Forbidden

Skip = Literal["template_without_warnings", "template", "merchant"]
StaleServes = Literal["without_sentences", "merchant", "nothing"]
SKIPS: tuple[Skip, ...] = get_args(Skip)
AUTHORSHIPS: tuple[Authorship, ...] = get_args(Authorship)


@dataclass(frozen=True, slots=True)
class LifePolicy:
    """`skip_review`: which texts may be published without a review; none, unless set.

    `four_eyes`: of texts of these authorships nobody approves what they wrote or edited.
    `approve_over_disputes`: whether a named reviewer may approve over an unsupported claim whose verdict is disputed.
    `stale_serves`: what is served of a published text that turned stale.
    """

    skip_review: frozenset[Skip] = field(default_factory=frozenset)
    four_eyes: frozenset[Authorship] = field(default_factory=frozenset)
    approve_over_disputes: bool = False
    stale_serves: StaleServes = "without_sentences"

    def may_skip_review(self, copy: Copy) -> bool:
        """Whether this text may go to the shelf without a review."""
        authorship = copy.provenance.authorship
        if authorship in self.four_eyes:
            return False
        warned = any(not check.passed for check in copy.checks if check.severity == "warning")
        return authorship in self.skip_review or (
            authorship == "template" and not warned and "template_without_warnings" in self.skip_review
        )

    def excused(self, copy: Copy) -> tuple[Dispute, ...]:
        """The disputes that a text may go to the shelf over, once a reviewer approved over them."""
        return copy.disputes if self.approve_over_disputes and copy.reviewed_by else ()

    def refuse_own_work(self, versions: list[tuple[str, Authorship]], actor: str) -> None:
        """Raise Forbidden where `actor` made one of the versions (maker, authorship) that another has to approve."""
        for maker, authorship in versions:
            if maker == actor and authorship in self.four_eyes:
                raise Forbidden(
                    f"{actor} wrote or edited this text ({authorship}); the setting FOUR_EYES asks that another "
                    "approves it",
                    extra={"four_eyes": sorted(self.four_eyes)},
                )

    def refuse_unnamed(self, actor: str) -> None:
        """Raise Conflict where an approval over a dispute has no name to it: without keys nobody is named."""
        if actor == "local":
            raise Conflict("only a reviewer with a key of their own may approve over a disputed verdict")

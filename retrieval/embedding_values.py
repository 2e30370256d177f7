"""What all embedders share: the form of vectors, and texts as tokenizers can take them."""

from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

Vectors: TypeAlias = npt.NDArray[np.float32]
"""Rows of 32-bit floats, each of length 1."""
# No model here reads so much of a text (256 tokens are some 1,200 characters); a book is not tokenised for its start.
MAX_CHARACTERS: Final = 16_000


def clean_texts(texts: Sequence[str]) -> list[str]:
    """The texts as tokenizers can take them: of bounded length, lone surrogates (broken UTF-16) replaced."""
    return [text[:MAX_CHARACTERS].encode("utf-8", "replace").decode("utf-8") for text in texts]

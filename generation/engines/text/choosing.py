"""Which text model this installation reads with: the English one of its wheel, or one that the operator put there.

Nothing is imported until a sentence is to be read: choosing costs a process nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generation.engines.text.encoder import SentenceEncoder

_operators: Path | None = None


def use_model(folder: Path | None) -> None:
    """Read sentences with the model of a folder from now on; None: with the English one."""
    global _operators  # one a process, chosen when it starts
    _operators = folder


def the_encoder() -> SentenceEncoder:
    """The model that sentences are read with, opened at the first; raises TextModelMissing."""
    from generation.engines.text.encoder import english_folder, open_encoder

    return open_encoder(_operators or english_folder())


def require_understood(sentence: str, known: Collection[str] = ()) -> None:
    """Refuse a sentence in a language that the model does not read; raises NotUnderstood, TextModelMissing.

    `known` are words that count as understood, however strange. An operator's own model is taken to read whatever it
    is brought.
    """
    from generation.engines.text.languages import require_english

    if _operators is None:
        require_english(sentence, the_encoder().pieces, known)

"""What a search answers."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID


class Found:
    """A card as it was read: its key, and what is shown of it as JSON that need not be parsed to be sent on."""

    def __init__(self, pk: UUID, text: str) -> None:
        self.pk, self.text = pk, text

    @cached_property
    def shown(self) -> dict[str, Any]:
        """What templates draw."""
        shown: dict[str, Any] = json.loads(self.text)
        return shown


@dataclass(frozen=True, slots=True)
class Page:
    """Some cards, and where it goes on; `correction` is what may have been meant by a text that finds little."""

    cards: list[Found]
    next: str = ""  # a cursor; empty: this is the last page
    correction: str = ""
    is_unranked: bool = False  # the best match was asked for, and so much matches that the last hung comes first
    is_corrected: bool = False  # the cards are those of the correction: as it was written nothing was found

"""Mixing what several reasons bring: in turns, each work once, and others' works between one artist's."""

from collections.abc import Iterator, Sequence
from itertools import chain, zip_longest
from typing import Protocol, TypeVar
from uuid import UUID

IN_A_ROW = 2


class Candidate(Protocol):
    """A work, and whose it is."""

    @property
    def artwork_id(self) -> UUID: ...
    @property
    def artist_id(self) -> UUID | None: ...


Some = TypeVar("Some", bound=Candidate)


def mixed(sources: Sequence[Sequence[Some]], limit: int) -> list[Some]:
    """At most `limit`: the first of each source, then the second of each, and so on.

    Where the next would be the third of its artist in a row, the nearest of somebody else's comes first; where nobody
    else is left it goes on with theirs.
    """
    waiting = list(_once(one for one in chain.from_iterable(zip_longest(*sources)) if one is not None))
    row: list[Some] = []
    while waiting and len(row) < limit:
        fitting = next((place for place, one in enumerate(waiting) if not _is_too_many(row, one)), 0)
        row.append(waiting.pop(fitting))
    return row


def _is_too_many(row: Sequence[Some], one: Some) -> bool:
    last = row[-IN_A_ROW:]
    return one.artist_id is not None and [other.artist_id for other in last] == [one.artist_id] * IN_A_ROW


def _once(candidates: Iterator[Some]) -> Iterator[Some]:
    met: set[UUID] = set()
    for one in candidates:
        if one.artwork_id not in met:
            met.add(one.artwork_id)
            yield one

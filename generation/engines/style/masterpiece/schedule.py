"""From coarse to fine: at which sizes a masterpiece is painted, and how often it is looked at in each."""

from dataclasses import dataclass

COARSEST = 128  # pixels of the longer side: below, the deepest layers see hardly anything
_ROUND = 50  # after so many looks the places and directions that are compared are chosen anew
_FINISH = 0.6  # of the looks at the full size, for the last round


@dataclass(frozen=True)
class Round:
    """So many looks at a loss that stays the same meanwhile."""

    looks: int
    finishes: bool = False


@dataclass(frozen=True)
class Stage:
    """One size, and what is done in it."""

    size: int  # pixels of the longer side
    rounds: tuple[Round, ...]


def stages(size: int, steps: int) -> list[Stage]:
    """Halve `size` as often as the coarsest allows; every size gets as many looks, so that the last costs most.

    Each coarser stage takes a quarter of the time of the next.
    """
    sizes = [size]
    while sizes[0] >= 2 * COARSEST:
        sizes.insert(0, sizes[0] // 2)
    finish = round(_FINISH * steps)
    last = Stage(size, (*_rounds(steps - finish), Round(finish, finishes=True)))
    return [*(Stage(coarse, _rounds(steps)) for coarse in sizes[:-1]), last]


def pixels_looked_at(size: int, steps: int) -> int:
    """How many pixels are looked at in all stages together, at most: that of a square picture."""
    return sum(stage.size**2 * sum(one.looks for one in stage.rounds) for stage in stages(size, steps))


def _rounds(looks: int) -> tuple[Round, ...]:
    number = max(1, round(looks / _ROUND))
    return tuple(Round(looks // number + (at < looks % number)) for at in range(number))

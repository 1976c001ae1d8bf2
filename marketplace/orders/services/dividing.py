"""Who gets what of a price. Pure: numbers in, numbers out, and nothing is lost on the way.

All shares are in basis points (1/100 of a percent). A first sale: the house keeps `house_bps`, the rest is the artist's
part; of that whoever lent a style or a model gets their share, and what is left the artist divides with the
contributors. A resale: the house keeps `house_bps`, `royalty_bps` goes to the artist and the contributors, and the rest
is the seller's.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from marketplace.core.money import split

WHOLE = 10_000


@dataclass(frozen=True, slots=True)
class Claim:
    """Somebody's share in 1/10,000: of the artist's part, or for a contributor of what the lenders leave of it."""

    payee: UUID
    role: str
    bps: int


@dataclass(frozen=True, slots=True)
class Part:
    """Minor units for one payee, `None` for the house, in one role."""

    payee: UUID | None
    role: str
    amount: int


def divide_first_sale(
    price: int, *, artist: UUID, house_bps: int, lenders: Sequence[Claim] = (), contributors: Sequence[Claim] = ()
) -> list[Part]:
    """The parts of a sale by the artist; they add up to `price` exactly, by largest remainder.

    Lenders who together ask for more than there is share what there is. Raises ValueError where a share is negative, or
    the house or the contributors have more than the whole.
    """
    _check([house_bps, *(claim.bps for claim in lenders)], house_bps)
    part, asked = WHOLE - house_bps, sum(claim.bps for claim in lenders)
    given, scale = min(asked, WHOLE), max(asked, 1)  # everything times `scale`: whole numbers, rounded once
    return _parts(
        price,
        [
            (None, "house", house_bps * WHOLE * scale * WHOLE),
            *((claim.payee, claim.role, part * claim.bps * given * WHOLE) for claim in lenders),
            *_of_artist(artist, "artist", contributors, "contributor", part * (WHOLE - given) * scale),
        ],
    )


def divide_resale(
    price: int,
    *,
    seller: UUID,
    artist: UUID,
    house_bps: int,
    royalty_bps: int,
    contributors: Sequence[Claim] = (),
) -> list[Part]:
    """The parts of a sale by an owner; they add up to `price` exactly. Raises ValueError as `divide_first_sale`."""
    _check([house_bps, royalty_bps], house_bps + royalty_bps)
    kept = WHOLE - house_bps - royalty_bps
    return _parts(
        price,
        [
            (None, "house", house_bps * WHOLE),
            (seller, "seller", kept * WHOLE),
            *_of_artist(artist, "royalty", contributors, "royalty", royalty_bps),
        ],
    )


def _of_artist(
    artist: UUID, role: str, contributors: Sequence[Claim], their_role: str, weight: int
) -> list[tuple[UUID | None, str, int]]:
    given = sum(claim.bps for claim in contributors)
    _check([claim.bps for claim in contributors], given)
    shares: list[tuple[UUID | None, str, int]] = [(artist, role, weight * (WHOLE - given))]
    return shares + [(claim.payee, their_role, weight * claim.bps) for claim in contributors]


def _parts(price: int, weighted: Sequence[tuple[UUID | None, str, int]]) -> list[Part]:
    if price <= 0:
        raise ValueError(f"{price} is no price")
    amounts: Counter[tuple[UUID | None, str]] = Counter()
    for (payee, role, _), amount in zip(weighted, split(price, [weight for *_, weight in weighted]), strict=True):
        amounts[payee, role] += amount
    return [Part(payee, role, amount) for (payee, role), amount in amounts.items() if amount]


def _check(shares: Sequence[int], total: int) -> None:
    if any(share < 0 for share in shares) or total > WHOLE:
        raise ValueError(f"{list(shares)} are no shares of {WHOLE}")

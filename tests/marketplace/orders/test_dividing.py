"""Who gets what of a price: nothing is lost, nobody gets more than a cent beside what is theirs."""

from collections import Counter
from fractions import Fraction
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.orders.services.dividing import WHOLE, Claim, Part, divide_first_sale, divide_resale

ARTIST, SELLER, STYLE, MODEL, FRIEND = (UUID(int=n) for n in range(1, 6))
prices = st.integers(1, 10**12)
shares = st.integers(0, WHOLE)


def amounts(parts: list[Part]) -> dict[tuple[UUID | None, str], int]:
    return {(part.payee, part.role): part.amount for part in parts}


@st.composite
def contributors(draw: st.DrawFn) -> list[Claim]:
    left, claims = WHOLE, []
    for _ in range(draw(st.integers(0, 5))):
        bps = draw(st.integers(0, left))
        left -= bps
        claims.append(Claim(uuid4(), "contributor", bps))
    return claims


lenders = st.lists(st.builds(Claim, st.uuids(), st.sampled_from(["style", "model"]), shares), max_size=4)


@given(prices, shares, lenders, contributors())
def test_a_first_sale_is_divided_to_the_cent(price: int, house: int, lent: list[Claim], helped: list[Claim]) -> None:
    parts = divide_first_sale(price, artist=ARTIST, house_bps=house, lenders=lent, contributors=helped)
    assert sum(part.amount for part in parts) == price
    assert all(part.amount > 0 for part in parts)
    # Everybody is within a cent of their exact share.
    asked = sum(claim.bps for claim in lent)
    part = Fraction(price * (WHOLE - house), WHOLE)
    given_away = Fraction(min(asked, WHOLE), WHOLE)
    exact: Counter[tuple[UUID | None, str]] = Counter()
    exact[None, "house"] += Fraction(price * house, WHOLE)  # type: ignore[assignment]  # a counter of fractions
    for claim in lent:
        exact[claim.payee, claim.role] += part * claim.bps / max(asked, WHOLE)  # type: ignore[assignment]
    rest = part * (1 - given_away)
    for claim in helped:
        exact[claim.payee, "contributor"] += rest * claim.bps / WHOLE  # type: ignore[assignment]
    exact[ARTIST, "artist"] += rest * (WHOLE - sum(claim.bps for claim in helped)) / WHOLE  # type: ignore[assignment]
    told = amounts(parts)
    for who, share in exact.items():
        claims = sum((claim.payee, claim.role) == who for claim in lent) or 1
        assert abs(told.get(who, 0) - share) < claims


@given(prices, st.integers(0, 5000), st.integers(0, 2500), contributors())
def test_a_resale_is_divided_to_the_cent(price: int, house: int, royalty: int, helped: list[Claim]) -> None:
    parts = divide_resale(
        price, seller=SELLER, artist=ARTIST, house_bps=house, royalty_bps=royalty, contributors=helped
    )
    assert sum(part.amount for part in parts) == price
    told = amounts(parts)
    assert abs(told.get((SELLER, "seller"), 0) - Fraction(price * (WHOLE - house - royalty), WHOLE)) < 1
    royalties = sum(amount for (_, role), amount in told.items() if role == "royalty")
    assert abs(royalties - Fraction(price * royalty, WHOLE)) < len(helped) + 1


def test_lenders_are_paid_of_the_artists_part_and_contributors_of_what_they_leave() -> None:
    parts = divide_first_sale(
        10_001,
        artist=ARTIST,
        house_bps=3000,
        lenders=[Claim(STYLE, "style", 2000), Claim(MODEL, "model", 1000)],
        contributors=[Claim(FRIEND, "contributor", 2500)],
    )
    assert amounts(parts) == {
        (None, "house"): 3000, (STYLE, "style"): 1400, (MODEL, "model"): 700, (ARTIST, "artist"): 3676,
        (FRIEND, "contributor"): 1225,
    }  # fmt: skip


def test_lenders_who_ask_for_more_than_there_is_share_what_there_is() -> None:
    parts = divide_first_sale(
        1000, artist=ARTIST, house_bps=0, lenders=[Claim(STYLE, "style", 9000), Claim(MODEL, "model", 3000)]
    )
    assert amounts(parts) == {(STYLE, "style"): 750, (MODEL, "model"): 250}


def test_the_smallest_price_has_one_taker() -> None:
    assert amounts(divide_first_sale(1, artist=ARTIST, house_bps=3000)) == {(ARTIST, "artist"): 1}


@pytest.mark.parametrize(("house", "royalty"), [(9000, 2000), (-1, 0)])
def test_more_than_the_whole_cannot_be_divided(house: int, royalty: int) -> None:
    with pytest.raises(ValueError, match="are no shares"):
        divide_resale(100, seller=SELLER, artist=ARTIST, house_bps=house, royalty_bps=royalty)

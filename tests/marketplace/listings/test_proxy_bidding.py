"""Bidding by proxy: whatever is bid in whatever order, the highest leads and pays no more than beats the second."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from marketplace.listings.services.auctions.proxy import Standing, Terms, after, least_bid

A, B, C = (UUID(int=number) for number in (1, 2, 3))
TERMS = Terms(start=100, reserve=0, increment=lambda price: 10)
bids = st.lists(st.tuples(st.sampled_from([A, B, C]), st.integers(1, 1000)), max_size=30)


def run(terms: Terms, given_bids: list[tuple[UUID, int]]) -> list[tuple[UUID, int, Standing]]:
    """Every bid that was high enough, and how the auction stood after it."""
    standing: Standing | None = None
    taken = []
    for bidder, most in given_bids:
        if most >= least_bid(terms, standing, bidder):
            standing = after(terms, standing, bidder, most)
            taken.append((bidder, most, standing))
    return taken


def test_the_first_bid_pays_the_start_until_somebody_else_bids() -> None:
    first = after(TERMS, None, A, 500)
    assert first == Standing(A, 500, 100)
    second = after(TERMS, first, B, 300)
    assert second == Standing(A, 500, 310)
    assert after(TERMS, second, B, 505) == Standing(B, 505, 505)


def test_of_two_equal_bids_the_earlier_leads() -> None:
    assert after(TERMS, Standing(A, 500, 100), B, 500) == Standing(A, 500, 500)


def test_the_house_bids_up_to_the_reserve_for_who_would_pay_it() -> None:
    terms = Terms(start=100, reserve=400, increment=lambda price: 10)
    below = after(terms, None, A, 399)
    assert below.price == 100
    assert after(terms, below, A, 400) == Standing(A, 400, 400)
    assert after(terms, below, B, 900) == Standing(B, 900, 409)
    assert after(terms, None, B, 900) == Standing(B, 900, 400)


def test_raising_ones_own_most_costs_nothing() -> None:
    assert after(TERMS, Standing(A, 500, 310), A, 900) == Standing(A, 900, 310)
    assert least_bid(TERMS, Standing(A, 500, 310), A) == 501
    assert least_bid(TERMS, Standing(A, 500, 310), B) == 320


@given(bids, st.integers(1, 300), st.integers(0, 600), st.integers(1, 50))
def test_the_invariants_of_every_auction(
    given_bids: list[tuple[UUID, int]], start: int, reserve: int, step: int
) -> None:
    terms = Terms(start, reserve, lambda price: step)
    taken = run(terms, given_bids)
    price = 0
    for bidder, most, stands in taken:
        assert price <= stands.price <= stands.most
        assert stands.price >= start
        assert most <= stands.most
        if stands.bidder != bidder:
            assert stands.price >= min(stands.most, most)
        price = stands.price
    if taken:
        mosts: dict[UUID, int] = {}
        for bidder, most, _ in taken:
            mosts[bidder] = max(most, mosts.get(bidder, 0))
        stands = taken[-1][2]
        others = [most for bidder, most in mosts.items() if bidder != stands.bidder]
        assert stands.most == max(mosts.values())
        assert stands.price >= max(others, default=0)
        # No more than beats the second, the start, or the reserve.
        assert stands.price <= max(max(others, default=0) + step, start, min(reserve, stands.most))

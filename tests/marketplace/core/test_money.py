"""Amounts add up, whatever is done to them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.languages import speaking
from marketplace.core.money import CurrencyMismatch, Money, split

weights = st.lists(st.integers(0, 10_000), min_size=1, max_size=8).filter(any)


@given(st.integers(-(10**12), 10**12), weights)
def test_the_parts_of_a_split_are_the_whole(total: int, weights: list[int]) -> None:
    assert sum(split(total, weights)) == total


@given(st.integers(0, 10**12), weights)
def test_every_part_is_within_a_cent_of_its_fair_share(total: int, weights: list[int]) -> None:
    for part, weight in zip(split(total, weights), weights, strict=True):
        assert abs(part * sum(weights) - total * weight) < sum(weights)


def test_the_odd_cent_goes_to_the_largest_remainder_and_then_to_the_first() -> None:
    assert split(100, [1, 1, 1]) == [34, 33, 33]
    assert split(1001, [7000, 3000]) == [701, 300]
    assert split(-5, [1, 1]) == [-3, -2]
    assert split(7, [0, 1]) == [0, 7]


@pytest.mark.parametrize("weights", [[], [0, 0], [-1, 2]])
def test_weights_that_mean_nothing_are_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        split(10, weights)


def test_currencies_never_mix() -> None:
    assert Money(150, "eur") + Money(50, "eur") == Money(200, "eur")
    assert Money(150, "eur") - Money(200, "eur") == Money(-50, "eur")
    with pytest.raises(CurrencyMismatch):
        Money(1, "eur") + Money(1, "usd")


@pytest.mark.parametrize(
    ("money", "shown"),
    [
        (Money(2500, "eur"), "€25.00"),
        (Money(123456789, "usd"), "$1,234,567.89"),
        (Money(-5, "gbp"), "-£0.05"),
        (Money(500, "jpy"), "¥500"),
        (Money(1234, "kwd"), "KWD 1.234"),
    ],
)
def test_amounts_are_written_with_their_currencys_decimals(money: Money, shown: str) -> None:
    assert str(money) == shown


@pytest.mark.parametrize(
    ("money", "english", "chinese"),
    [
        (Money(9_000, "eur"), "€90.00", "€90.00"),
        (Money(1_234_567, "cny"), "CN¥12,345.67", "¥12,345.67"),
        (Money(5_000, "jpy"), "¥5,000", "JP¥5,000"),
        (Money(-250, "usd"), "-$2.50", "-US$2.50"),
    ],
)
def test_amounts_are_written_as_each_language_does(money: Money, english: str, chinese: str) -> None:
    with speaking("en-gb"):
        assert str(money) == english
    with speaking("zh-hans"):
        assert str(money) == chinese

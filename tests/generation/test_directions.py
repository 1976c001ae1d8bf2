"""What one process has read of the offers, another takes from the cache."""

import numpy as np
import pytest

from generation.engines.text.encoder import english_folder
from generation.selectors.directions import read_once
from tests.generation.engines.text.counting import Counting

TEXTS = ["Ink. Lines that flow", "colours of night", "Ink. Lines that flow"]


def test_a_text_is_read_by_one_process_alone() -> None:
    first, second = Counting(english_folder()), Counting(english_folder())
    read_once(first, TEXTS)
    assert first.looked == 2 + 1  # and the word by which it is told from other models
    read_once(second, [*TEXTS, "another"])
    assert second.looked == 1 + 1
    np.testing.assert_array_equal(second.encode(TEXTS), first.encode(TEXTS))
    assert second.looked == 2


def test_another_models_are_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    first, other = Counting(english_folder()), Counting(english_folder())
    read_once(first, TEXTS)
    turned = other._directions
    monkeypatch.setattr(other, "_directions", lambda tokens: -turned(tokens))
    read_once(other, TEXTS)
    np.testing.assert_array_equal(other.encode(TEXTS), -first.encode(TEXTS))


def test_what_is_known_asks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = Counting(english_folder())
    encoder.encode(TEXTS)
    monkeypatch.setattr("generation.selectors.directions.cache", None)
    read_once(encoder, TEXTS)
    read_once(encoder, [])

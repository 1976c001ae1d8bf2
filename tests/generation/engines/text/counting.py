"""A text model that counts what it has to look at."""

from generation.engines.text.encoder import SentenceEncoder
from generation.engines.text.stored import Array


class Counting(SentenceEncoder):
    """Counts the texts that the network had to look at."""

    looked = 0

    def _directions(self, tokens: Array) -> Array:
        self.looked += len(tokens)
        return super()._directions(tokens)

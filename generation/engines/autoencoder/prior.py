"""What a VQ-VAE expects of its codes: a small transformer that guesses each from those before it, row by row.

As in Esser, Rombach, Ommer, "Taming Transformers for High-Resolution Image Synthesis" (2021).
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

_HEAD = 32  # channels a head
_MISREAD = 0.1  # share of codes that it is shown wrong while it learns, so that few pictures are not learnt by heart

_Held = tuple[Tensor, Tensor] | None  # keys and values of the places before


class CodePrior(nn.Module):
    """From codes N x L (their numbers) to logits N x L x K: what it expected at each place."""

    def __init__(self, *, codes: int, length: int, width: int, layers: int) -> None:
        super().__init__()
        self.codes, self.length = codes, length
        self.embed = nn.Embedding(codes + 1, width)  # the last one stands before the first place
        self.places = nn.Parameter(torch.randn(length, width) * 0.02)
        self.layers = nn.ModuleList(_Layer(width) for _ in range(layers))
        self.normalise = nn.LayerNorm(width)
        self.guess = nn.Linear(width, codes)
        nn.init.normal_(self.embed.weight, std=0.02)
        nn.init.zeros_(self.guess.weight)
        nn.init.zeros_(self.guess.bias)

    def forward(self, numbers: Tensor) -> Tensor:
        begin = numbers.new_full((len(numbers), 1), self.codes)
        found = self.embed(torch.cat([begin, numbers[:, :-1]], 1)) + self.places
        for layer in self.layers:
            found, _ = layer(found, None)
        logits: Tensor = self.guess(self.normalise(found))
        return logits.float()

    def loss(self, numbers: Tensor, generator: torch.Generator | None = None) -> Tensor:
        """Nats a code: how surprised it is. With a generator some of what came before is misread, as for learning."""
        shown = numbers
        if generator is not None:
            wrong = torch.randint(self.codes, numbers.shape, generator=generator).to(numbers.device)
            is_wrong = torch.rand(numbers.shape, generator=generator) < _MISREAD
            shown = torch.where(is_wrong.to(numbers.device), wrong, numbers)
        return functional.cross_entropy(self(shown).flatten(0, 1), numbers.flatten())

    @torch.no_grad()
    def draw(self, count: int, temperature: float, generator: torch.Generator) -> Tensor:
        """Codes N x L as it expects them; at temperature 0 always the likeliest."""
        device = self.places.device
        last = torch.full((count, 1), self.codes, device=device)
        held: list[_Held] = [None] * len(self.layers)
        drawn = []
        for place in range(self.length):
            found = self.embed(last) + self.places[place]
            for number, layer in enumerate(self.layers):
                found, held[number] = layer(found, held[number])
            logits = self.guess(self.normalise(found[:, 0])).float()
            noise = -torch.empty(logits.shape).exponential_(generator=generator).log().to(device)
            last = (logits + temperature * noise).argmax(1, keepdim=True)
            drawn.append(last)
        return torch.cat(drawn, 1)


class _Layer(nn.Module):
    """Attention to what came before, then two linear layers a place."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.heads = max(1, width // _HEAD)
        self.first, self.second = nn.LayerNorm(width), nn.LayerNorm(width)
        self.ask = nn.Linear(width, 3 * width)
        self.answer = nn.Linear(width, width)
        self.widen, self.narrow = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, given: Tensor, held: _Held) -> tuple[Tensor, _Held]:
        """With `held`, `given` is the place after those; without, all places, or the first alone."""
        attended, kept = self._attend(self.first(given), held)
        given = given + self.answer(attended)
        return given + self.narrow(functional.gelu(self.widen(self.second(given)))), kept

    def _attend(self, given: Tensor, held: _Held) -> tuple[Tensor, _Held]:
        asked = self.ask(given).unflatten(2, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)  # 3 x N x heads x L x D
        queries, keys, values = asked.unbind(0)
        if held is not None:
            keys, values = torch.cat([held[0], keys], 2), torch.cat([held[1], values], 2)
        # A single place may look at all before it; several must not look ahead.
        found = functional.scaled_dot_product_attention(queries, keys, values, is_causal=queries.shape[2] > 1)
        return found.transpose(1, 2).flatten(2), (keys, values)

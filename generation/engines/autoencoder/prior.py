"""What a VQ-VAE expects of its codes: a small transformer that guesses each place from those before it, row by row.

As in Esser, Rombach, Ommer, "Taming Transformers for High-Resolution Image Synthesis" (2021); a place's levels are
guessed one after the other from what the transformer said of it (Lee et al., 2022).
"""

from contextlib import nullcontext

import torch
from torch import Tensor, nn
from torch.nn import functional

_HEAD = 32  # channels a head
_MISREAD = 0.1  # share of codes that it is shown wrong while it learns, so that few pictures are not learnt by heart
_Held = tuple[Tensor, Tensor] | None  # keys and values of the places before


class CodePrior(nn.Module):
    """From codes N x L x levels (their numbers) to logits N x L x levels x K: what it expected at each place."""

    def __init__(self, *, codes: int, levels: int, length: int, width: int, layers: int) -> None:
        super().__init__()
        self.codes, self.length = codes, length
        self.embed = nn.ModuleList(nn.Embedding(codes, width) for _ in range(levels))
        self.begin = nn.Parameter(torch.randn(width) * 0.02)  # stands before the first place
        self.places = nn.Parameter(torch.randn(length, width) * 0.02)
        self.layers = nn.ModuleList(_Layer(width) for _ in range(layers))
        self.normalise = nn.ModuleList(nn.LayerNorm(width) for _ in range(levels))
        self.guess = nn.ModuleList(nn.Linear(width, codes) for _ in range(levels))
        for embed in self.embed:
            nn.init.normal_(embed.weight, std=0.02)  # type: ignore[arg-type]  # an Embedding
        for guess in self.guess:
            nn.init.zeros_(guess.weight)  # type: ignore[arg-type]  # a Linear
            nn.init.zeros_(guess.bias)  # type: ignore[arg-type]

    def forward(self, numbers: Tensor, shown: Tensor | None = None) -> Tensor:
        """`shown`: what is seen of the places before, where that is not `numbers`."""
        embedded = self._embedded(numbers if shown is None else shown)  # levels of N x L x width
        before = self.begin.expand(len(numbers), 1, -1)
        found = torch.cat([before, torch.stack(embedded).sum(0)[:, :-1]], 1) + self.places
        for layer in self.layers:
            found, _ = layer(found, None)
        logits = []
        for level, own in enumerate(self._embedded(numbers)):
            logits.append(self.guess[level](self.normalise[level](found)).float())
            found = found + own
        return torch.stack(logits, 2)

    def loss(self, numbers: Tensor, generator: torch.Generator | None = None) -> Tensor:
        """Nats a code: how surprised it is. With a generator some of what came before is misread, as for learning."""
        shown = numbers
        if generator is not None:
            wrong = torch.randint(self.codes, numbers.shape, generator=generator).to(numbers.device)
            is_wrong = torch.rand(numbers.shape, generator=generator) < _MISREAD
            shown = torch.where(is_wrong.to(numbers.device), wrong, numbers)
        return functional.cross_entropy(self(numbers, shown).flatten(0, 2), numbers.flatten())

    @torch.no_grad()
    def draw(self, count: int, temperature: float, generator: torch.Generator) -> Tensor:
        """Codes N x L x levels as it expects them; at temperature 0 always the likeliest."""
        before = self.begin.expand(count, 1, -1)
        held: list[_Held] = [None] * len(self.layers)
        drawn = []
        for place in range(self.length):
            found = before + self.places[place]
            for number, layer in enumerate(self.layers):
                found, held[number] = layer(found, held[number])
            codes, before = self._draw_place(found[:, 0], temperature, generator)
            drawn.append(codes)
        return torch.stack(drawn, 1)

    def _draw_place(self, found: Tensor, temperature: float, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Codes N x levels of one place, and their embeddings' sum, N x 1 x width."""
        codes, total = [], torch.zeros_like(found)
        for embed, normalise, guess in zip(self.embed, self.normalise, self.guess, strict=True):
            logits = guess(normalise(found + total)).float()
            noise = -torch.empty(logits.shape).exponential_(generator=generator).log().to(found.device)
            codes.append((logits + temperature * noise).argmax(1))
            total = total + embed(codes[-1])
        return torch.stack(codes, 1), total[:, None]

    def _embedded(self, numbers: Tensor) -> list[Tensor]:
        return [embed(numbers[:, :, level]) for level, embed in enumerate(self.embed)]


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
        return given + self.narrow(functional.relu(self.widen(self.second(given)))), kept

    def _attend(self, given: Tensor, held: _Held) -> tuple[Tensor, _Held]:
        asked = self.ask(given).unflatten(2, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)  # 3 x N x heads x L x D
        is_slow_in_halves = asked.device.type == "cpu"  # whose attention is slower in bfloat16
        if is_slow_in_halves:
            asked = asked.float()
        queries, keys, values = asked.unbind(0)
        if held is not None:
            keys, values = torch.cat([held[0], keys], 2), torch.cat([held[1], values], 2)
        # Elsewhere it is computed as all around it is: beginning autocast here would give halves to layers of floats.
        with torch.autocast("cpu", enabled=False) if is_slow_in_halves else nullcontext():
            # A single place may look at all before it; several must not look ahead.
            found = functional.scaled_dot_product_attention(queries, keys, values, is_causal=queries.shape[2] > 1)
        return found.transpose(1, 2).flatten(2), (keys, values)

"""What a hand meant is among the first few, however it was drawn."""

import numpy as np
import torch

from generation.engines.scribble.embedding import Embedder, load_index
from generation.engines.scribble.learning import HELD_OUT, Network, contrast, held_out, make_bank
from generation.engines.scribble.library import load_library
from generation.engines.scribble.maps import draw_maps
from generation.engines.scribble.retrieval import suggest
from generation.engines.scribble.roughening import roughen
from generation.engines.scribble.strokes import size_of
from tests.generation.engines.scribble.drawing import drawing, ring, roughly


def names(strokes: list[np.ndarray], count: int = 5) -> list[str]:
    return [found.drawing.id for found in suggest(strokes, count)]


def test_what_was_meant_is_among_the_first_five() -> None:
    meant = ["openmoji-1F3E0", "openmoji-26F5", "openmoji-1F41F", "tabler-cat", "openmoji-1F680"]
    hits = [name in names(roughly(name, seed)) for name in meant for seed in range(4)]
    assert np.mean(hits) >= 0.8


def test_a_drawing_finds_itself_first() -> None:
    some = load_library()[::97]
    first = [names(one.strokes, 1)[0] for one in some]
    assert np.mean([found == one.id for found, one in zip(first, some, strict=True)]) > 0.9


def test_position_size_order_and_direction_do_not_matter() -> None:
    strokes = roughly("openmoji-1F3E0")
    turned = [stroke[::-1] * 37 - 900 for stroke in reversed(strokes)]
    assert names(turned) == names(strokes)


def test_suggestions_are_as_many_as_asked_for_the_likest_first() -> None:
    found = suggest([ring()], 12)
    assert len({one.drawing.id for one in found}) == 12
    likeness = [one.likeness for one in found]
    assert likeness == sorted(likeness, reverse=True)
    assert all(-1.01 <= one <= 1.01 for one in likeness)


def test_the_index_is_of_this_library() -> None:
    index = load_index()
    assert list(index.ids) == [one.id for one in load_library()]
    assert np.allclose(np.linalg.norm(index.places, axis=1), 1, atol=1e-2)


def test_numpy_answers_as_torch_has_learnt() -> None:
    torch.manual_seed(1)
    network = Network()
    maps = torch.from_numpy(np.stack([draw_maps(one.strokes) for one in load_library()[:6]]))
    network(maps)  # moves the means that are folded into the kernels
    network.eval()
    ours = Embedder.from_arrays(network.arrays()).embed(maps.numpy())
    assert np.abs(ours - network(maps).detach().numpy()).max() < 5e-3


def test_learning_pulls_one_thing_together_and_pushes_others_apart() -> None:
    alike = torch.eye(4).repeat(2, 1)
    mixed = torch.cat([torch.eye(4), torch.eye(4).roll(1, 0)])
    assert contrast(alike).item() < 0.01 < contrast(mixed).item()


def test_what_is_held_out_does_not_depend_on_the_order() -> None:
    library = load_library()
    assert held_out(library) == held_out(library[::-1])
    assert len(held_out(library)) == HELD_OUT


def test_a_bank_holds_each_drawing_and_its_copies() -> None:
    (bank,) = make_bank([drawing("tabler-cat")], 2, np.random.default_rng(1))
    clean = torch.from_numpy(draw_maps(drawing("tabler-cat").strokes) * 255)
    assert (bank[0] - clean).abs().max() <= 0.5
    assert (bank[1].float() - bank[2].float()).abs().mean() > 1


def test_a_hand_is_off_by_its_strength_and_by_chance() -> None:
    strokes = drawing("openmoji-1F3E0").strokes
    one, same, other = (roughen(strokes, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert all(np.array_equal(a, b) for a, b in zip(one, same, strict=True))
    assert not np.array_equal(one[0], other[0])
    still = roughen(strokes, np.random.default_rng(1), 0.0)
    assert (
        np.abs(draw_maps(still) - draw_maps(strokes)).mean() < 0.01 < np.abs(draw_maps(one) - draw_maps(strokes)).mean()
    )
    assert 0.5 < size_of(one) < 2

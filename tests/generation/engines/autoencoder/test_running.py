"""What trained autoencoders make: by a seed always the same, by another something else."""

import hashlib
from pathlib import Path

import pytest
import torch

from generation.engines import registry
from generation.engines.autoencoder.chain import chain
from generation.engines.autoencoder.model import ModelEngine
from generation.engines.autoencoder.parameters import STEPS, Kind
from generation.engines.base import Request
from generation.engines.device import open_context
from generation.engines.errors import Cancelled, InvalidParameters, ModelUnusable, WeightsMissing
from generation.engines.training.checkpoint import Snapshot, read, write
from tests.generation.engines.autoencoder.learning import CPU, KINDS, image, loaded, make, some_pictures, trained
from tests.generation.engines.studio import difference, numbers

each_kind = pytest.mark.parametrize("kind", KINDS)
ENGINES = ("autoencoder", "autoencoder-reconstruct", "autoencoder-walk", "autoencoder-arithmetic")


@each_kind
@pytest.mark.parametrize("sampling", ["prior", "chain"])
def test_a_sample_is_its_seeds(kind: Kind, sampling: str) -> None:
    one, same, other = (make("autoencoder", kind, seed, sampling=sampling).image for seed in (1, 1, 2))
    assert one.size == (64, 64)
    assert one.tobytes() == same.tobytes()
    assert one.tobytes() != other.tobytes()


@pytest.mark.parametrize("kind", ["vae", "adversarial"])
def test_what_is_drawn_lies_nearer_to_pictures_than_the_standard_normal(kind: Kind) -> None:
    network, chance = loaded("autoencoder", kind).network, torch.Generator().manual_seed(1)
    with torch.inference_mode():
        real = network.encode(some_pictures(48))
    drawn, normal = network.draw(200, 1.0, chance), torch.randn(200, 16, generator=chance)
    near, far = (float(torch.cdist(some, real).amin(1).mean()) for some in (drawn, normal))
    assert near < 0.95 * far


@pytest.mark.parametrize("kind", ["vae", "adversarial"])
def test_a_file_from_before_that_was_fitted_draws_from_the_standard_normal(kind: Kind, tmp_path: Path) -> None:
    kept = read(trained(kind).model)
    old = {name: tensor for name, tensor in kept.tensors.items() if not name.startswith("mixture.")}
    write(tmp_path / "old.safetensors", Snapshot(old, kept.notes))
    engine = registry.load("autoencoder", CPU, tmp_path / "old.safetensors")
    assert isinstance(engine, ModelEngine)
    drawn = engine.network.draw(2000, 1.0, torch.Generator().manual_seed(1))
    torch.testing.assert_close(torch.cov(drawn.T), torch.eye(16), atol=0.15, rtol=0)


@each_kind
def test_the_chain_changes_a_sample_and_leads_it_no_farther_from_pictures(kind: Kind) -> None:
    network, chance, real = loaded("autoencoder", kind).network, torch.Generator().manual_seed(1), some_pictures(48)
    with torch.inference_mode():
        latents = network.draw(32, 1.0, chance)
        *_, arrived = chain(network, latents, STEPS, chance)
        before, after = network.decode(latents), network.decode(arrived)
    assert torch.isfinite(arrived).all()
    assert not torch.equal(before, after)
    assert 0.5 < float(after.std() / before.std()) < 2.0  # neither washed out nor blown up
    nearest = [float(torch.cdist(some.flatten(1), real.flatten(1)).amin(1).mean()) for some in (before, after)]
    assert nearest[1] < 1.2 * nearest[0]


@each_kind
def test_a_long_chain_from_pictures_stays_among_them(kind: Kind) -> None:
    network, chance, real = loaded("autoencoder", kind).network, torch.Generator().manual_seed(1), some_pictures(48)
    with torch.inference_mode():
        start = network.encode(real)
        *_, arrived = chain(network, start, 4 * STEPS, chance)
        before, after = network.decode(start), network.decode(arrived)
    assert 0.5 < float(after.std() / before.std()) < 2.0


@each_kind
def test_a_portrait_is_like_its_picture_and_chance_is_the_seeds(kind: Kind) -> None:
    given = {"picture": [image(3, 80)]}
    portrait, again = (make("autoencoder-reconstruct", kind, seed, given).image for seed in (1, 2))
    assert portrait.tobytes() == again.tobytes()  # no chance in it
    wrong = make("autoencoder-reconstruct", kind, inputs={"picture": [image(0, 80)]}).image
    original = image(3, 64)
    assert difference(portrait, original) < difference(wrong, original)
    one, same, other = (
        make("autoencoder-reconstruct", kind, seed, given, strength=1.0).image.tobytes() for seed in (1, 1, 2)
    )
    assert one == same
    assert one != other


@each_kind
def test_a_film_passes_the_pictures_given_and_is_its_seeds(kind: Kind) -> None:
    given = {"pictures": [image(1), image(2)]}
    film = make("autoencoder-walk", kind, inputs=given, stops=2, seconds=1.0, frames_per_second=5, loop=False)
    assert (len(film.frames), film.frame_seconds) == (5, 0.2)
    assert film.image.tobytes() == film.frames[0].tobytes()
    ends = [make("autoencoder-reconstruct", kind, inputs={"picture": [image(number)]}).image for number in (1, 2)]
    for frame, end in zip((film.frames[0], film.frames[-1]), ends, strict=True):
        assert difference(frame, end) < 1.0
    dreamt = [
        [frame.tobytes() for frame in make("autoencoder-walk", kind, seed, seconds=0.5, frames_per_second=8).frames]
        for seed in (1, 1, 2)
    ]
    assert dreamt[0] == dreamt[1]
    assert dreamt[0] != dreamt[2]


@each_kind
def test_a_loop_does_not_show_its_first_frame_twice(kind: Kind) -> None:
    frames = make("autoencoder-walk", kind, stops=2, seconds=1.0, frames_per_second=8).frames
    assert difference(frames[0], frames[-1]) > 0
    assert difference(frames[-1], frames[0]) <= 2 * difference(frames[0], frames[4])


@each_kind
def test_arithmetic_adds_what_some_have_and_others_lack(kind: Kind) -> None:
    red, blue = ([image(number) for number in range(first, first + 12, 2)] for first in (1, 0))
    given = {"picture": [image(0)], "with": red, "without": blue}
    none, full, again = (
        make("autoencoder-arithmetic", kind, seed, given, strength=strength).image
        for seed, strength in ((1, 0.0), (1, 1.5), (2, 1.5))
    )
    remade = make("autoencoder-reconstruct", kind, inputs={"picture": [image(0)]}).image
    assert none.tobytes() == remade.tobytes()
    assert full.tobytes() == again.tobytes()  # no chance in it
    redness = [(numbers(some)[..., 0] - numbers(some)[..., 2]).mean() for some in (none, full)]
    assert redness[1] > redness[0]


def test_a_film_needs_a_stop_for_each_picture() -> None:
    with pytest.raises(InvalidParameters) as caught:
        make("autoencoder-walk", "vae", inputs={"pictures": [image(number) for number in range(3)]}, stops=2)
    assert list(caught.value.errors) == ["stops"]


@pytest.mark.parametrize("name", ENGINES)
def test_an_engine_names_the_model_that_it_runs_and_needs_one(name: str) -> None:
    model = trained("vae").model
    assert loaded(name, "vae").model_hash == hashlib.sha256(model.read_bytes()).hexdigest()
    with pytest.raises(WeightsMissing):
        registry.load(name, CPU)


def test_models_of_other_kinds_and_broken_ones_are_refused(tmp_path: Path) -> None:
    other, broken = tmp_path / "other.safetensors", tmp_path / "broken.safetensors"
    write(other, Snapshot({"weight": torch.zeros(1)}, {"kind": "gan"}))
    shape = {"resolution": 32, "width": 8, "latent": 16}
    notes = {"kind": "autoencoder", "method": "vae", "resolution": 32, "shape": shape}
    write(broken, Snapshot({"weight": torch.zeros(1)}, notes))
    for path in (other, broken):
        with pytest.raises(ModelUnusable):
            registry.load("autoencoder", CPU, path)


def test_a_chain_can_be_stopped() -> None:
    engine = loaded("autoencoder", "vae")
    asked = registry.declaration("autoencoder").validate_parameters({"sampling": "chain", "steps": 200})
    calls = iter([False, False, True])
    with pytest.raises(Cancelled):
        engine.run(Request(parameters=asked, seed=1), open_context(CPU, 1, is_cancelled=lambda: next(calls)))
    assert next(calls, None) is None

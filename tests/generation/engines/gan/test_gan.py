"""A GAN that was trained for a few steps paints by seed, walks, finds, and keeps to its classes."""

import itertools
import math
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from generation.engines.base import Engine, InputPicture, Parameters, Request
from generation.engines.device import open_context
from generation.engines.errors import InvalidParameters, ModelUnusable, WeightsMissing
from generation.engines.gan.learner import GanLearner
from generation.engines.gan.method import FewShotGan
from generation.engines.gan.model import Painter
from generation.engines.gan.networks import Generator
from generation.engines.gan.parameters import (
    GanTrainingParameters,
    ProjectParameters,
    SampleParameters,
    WalkParameters,
)
from generation.engines.gan.projecting import Projector, distance
from generation.engines.gan.sampling import Sampler
from generation.engines.gan.walking import Walker, along
from generation.engines.pictures import centre_square, to_tensor
from generation.engines.training import checkpoint
from generation.engines.training.checkpoint import Snapshot
from generation.engines.training.learner import Trained
from generation.engines.training.method import Facts
from generation.engines.training.pictures import PictureSet
from generation.engines.training.trainer import Trainer
from tests.generation.engines.training.learning import context, paint_pictures

CPU = torch.device("cpu")
QUICK = {"resolution": 32, "images": 48, "batch_size": 8, "width": 4, "latent": 16, "validate_every": 24}


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> PictureSet:
    return PictureSet.from_folder(paint_pictures(tmp_path_factory.mktemp("pictures")), 32)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, pictures: PictureSet) -> Trained:
    torch.set_num_threads(1)
    return GanLearner().train(GanTrainingParameters(**QUICK), 5, pictures, context(tmp_path_factory.mktemp("gan")))


def make(engine: Engine[Any], parameters: Parameters, seed: int = 42, **inputs: Image.Image) -> list[Image.Image]:
    given = {name: [InputPicture(image=picture)] for name, picture in inputs.items()}
    with torch.inference_mode():
        made = engine.run(Request(parameters=parameters, seed=seed, inputs=given), open_context(CPU, seed))
    return [made[0].image, *made[0].frames]


def test_training_tells_its_curve_its_measures_and_shows_samples(trained: Trained) -> None:
    last = trained.curve[-1]
    assert {"generator", "discriminator", "combined", "validation", "penalty"} <= {
        name for point in trained.curve for name in point
    }
    assert last["combined"] == pytest.approx(last["generator"] + last["discriminator"], abs=1e-3)
    assert set(trained.measures) == {"fid", "kid", "precision", "recall", "nearness"}
    assert trained.samples.size == (192, 192)
    assert checkpoint.read(trained.model).notes["classes"] == ["even", "odd"]


def test_a_seed_is_a_picture_byte_for_byte_and_another_seed_another(trained: Trained) -> None:
    chosen = SampleParameters(size=64)
    first, again = (make(Sampler.load(CPU, trained.model), chosen)[0].tobytes() for _ in range(2))
    assert first == again
    assert make(Sampler.load(CPU, trained.model), chosen, seed=43)[0].tobytes() != first


def test_samples_made_together_are_those_made_alone(trained: Trained) -> None:
    sampler, chosen = Sampler.load(CPU, trained.model), SampleParameters(size=32)
    requests = [Request(parameters=chosen, seed=seed) for seed in range(4)]
    with torch.inference_mode():
        together = sampler.run_batch(requests, [open_context(CPU, seed) for seed in range(4)])
    for seed, made in enumerate(together):
        alone = to_tensor(make(sampler, chosen, seed)[0])
        assert (to_tensor(made[0].image) - alone).abs().max() <= 2 / 255


def test_without_truncation_seeds_differ_and_with_all_of_it_they_do_not(trained: Trained) -> None:
    sampler = Sampler.load(CPU, trained.model)
    mean = {
        make(sampler, SampleParameters(size=32, truncation=0.0, class_name="odd"), seed)[0].tobytes()
        for seed in range(3)
    }
    assert len(mean) == 1


def test_a_class_is_painted_by_name_and_an_unknown_one_refused(trained: Trained) -> None:
    sampler = Sampler.load(CPU, trained.model)
    even, odd = (make(sampler, SampleParameters(size=32, class_name=name))[0].tobytes() for name in ("even", "odd"))
    assert even != odd
    with pytest.raises(InvalidParameters, match="neither"):
        make(sampler, SampleParameters(class_name="neither"))


def test_directions_are_orthonormal_and_move_the_picture(trained: Trained) -> None:
    painter = Painter.load(CPU, trained.model)
    found = painter.directions @ painter.directions.T
    torch.testing.assert_close(found, torch.eye(len(found)), atol=1e-4, rtol=0)
    sampler = Sampler.load(CPU, trained.model)
    still, moved = (make(sampler, SampleParameters(size=32, directions=by))[0].tobytes() for by in ((), (3.0,)))
    assert still != moved


@pytest.mark.parametrize("loop", [True, False])
def test_a_walk_passes_through_its_stops(loop: bool) -> None:
    stops = torch.randn(4, 6, generator=torch.Generator().manual_seed(2))
    points = along(stops, 40 if loop else 31, loop=loop)
    for number, stop in enumerate(stops):
        torch.testing.assert_close(points[number * 10], stop, atol=1e-4, rtol=0)
    steps = points.diff(dim=0).norm(dim=1)
    assert steps.max() < 4 * steps.mean()
    if loop:
        assert (points[0] - points[-1]).norm() < 2 * steps.mean()


def test_a_walk_is_a_film_byte_for_byte(trained: Trained) -> None:
    chosen = WalkParameters(size=32, stops=3, seconds=0.8, frames_per_second=10)
    first, again = (make(Walker.load(CPU, trained.model), chosen) for _ in range(2))
    assert len(first) == 1 + 8
    assert [frame.tobytes() for frame in first] == [frame.tobytes() for frame in again]
    assert len({frame.tobytes() for frame in first}) == 8


def test_a_picture_is_found_nearer_than_any_chance_sample(trained: Trained) -> None:
    wanted = make(Sampler.load(CPU, trained.model), SampleParameters(size=32, truncation=1.0), seed=77)[0]
    engine = Projector.load(CPU, trained.model)
    chosen = ProjectParameters(size=32, steps=60, freedom=1.0)
    first, again = (make(engine, chosen, picture=wanted)[0] for _ in range(2))
    assert first.tobytes() == again.tobytes()
    painter = Painter.load(CPU, trained.model)
    chance = torch.Generator().manual_seed(42)
    samples = painter.paint(torch.cat([painter.draw(chance, 0, 1.0, ()) for _ in range(64)]))
    target = to_tensor(centre_square(wanted, 32)) * 2 - 1
    assert distance(to_tensor(first) * 2 - 1, target).item() < distance(samples, target).min().item()


def test_a_model_of_another_kind_is_refused(tmp_path: Path) -> None:
    checkpoint.write(tmp_path / "other.safetensors", Snapshot({"w": torch.zeros(1)}, {"kind": "autoencoder"}))
    with pytest.raises(ModelUnusable, match="autoencoder"):
        Sampler.load(CPU, tmp_path / "other.safetensors")


def test_a_file_from_before_layers_had_a_least_width_is_read_and_one_that_claims_any_other_refused(
    tmp_path: Path,
) -> None:
    shape = {"resolution": 128, "latent": 8, "width": 8}
    notes = {"kind": "gan", "architecture": "few-shot", "classes": [], **shape}
    file, tensors = tmp_path / "old.safetensors", Generator(**shape, narrowest=4).state_dict()
    checkpoint.write(file, Snapshot(tensors, notes))
    assert make(Sampler.load(CPU, file), SampleParameters(size=128))[0].size == (128, 128)
    for claimed in (0, 17, 10**9, "wide"):
        checkpoint.write(file, Snapshot(tensors, notes | {"narrowest": claimed}))
        with pytest.raises(ModelUnusable):
            Sampler.load(CPU, file)


def test_large_pictures_are_painted_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    network, together = Generator(resolution=256, latent=8, width=4), []
    painter, paint = Painter(network, 8, ()), network.paint

    def counted(styles: torch.Tensor) -> torch.Tensor:
        together.append(len(styles))
        return paint(styles)

    monkeypatch.setattr(network, "paint", counted)
    assert painter.paint(torch.zeros(20, 8)).shape == (20, 3, 256, 256)
    assert together == [8, 8, 4]


def test_without_a_model_nothing_is_painted() -> None:
    with pytest.raises(WeightsMissing):
        Sampler.load(CPU)


@pytest.mark.parametrize("chosen", [{"loss": "minimax"}, {"loss": "non-saturating", "penalty": 0.0}, {"latent": 8}])
def test_every_loss_moves_the_painter(tmp_path: Path, pictures: PictureSet, chosen: dict[str, Any]) -> None:
    torch.manual_seed(5)
    parameters = GanTrainingParameters(**{**QUICK, "images": 8, "validate_every": 100, **chosen})
    method = FewShotGan(parameters, Facts(pictures=len(pictures.train), classes=pictures.class_names), CPU)
    before = [parameter.clone() for parameter in method.kept.parameters()]
    trainer = Trainer(method, pictures, 5, context(tmp_path))
    trainer.validation.measure = lambda kept: None  # type: ignore[method-assign]
    trainer.run()
    after = list(method.kept.parameters())
    assert any(not torch.equal(old, new) for old, new in zip(before, after, strict=True))
    assert all(math.isfinite(trainer.progress.points[-1][name]) for name in ("generator", "discriminator"))


def test_the_judge_is_shown_changed_pictures_once_it_is_too_sure_but_not_where_there_are_many(
    pictures: PictureSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    shares = {}
    for count in (50, 30_000):
        torch.manual_seed(5)
        method = FewShotGan(GanTrainingParameters(**QUICK), Facts(pictures=count), CPU)
        said = itertools.cycle([1.0, -1.0])  # of real pictures, then of painted ones
        monkeypatch.setattr(
            method.judge, "forward", lambda shown, kinds, said=said: next(said) + 0 * shown.sum((1, 2, 3))
        )
        chance, given = torch.Generator().manual_seed(1), pictures.train.pictures[:8] / 127.5 - 1.0
        for step in range(1, 4):
            method.loss("discriminator", given, pictures.train.classes[:8], chance)
            method.after_step(8 * step)
        shares[count] = method.state()["share"]
    assert shares == {50: pytest.approx(3 * 8 / 20_000), 30_000: 0.0}


@pytest.mark.parametrize("resolution", [128, 1024])
def test_a_step_is_taken_at_larger_sizes(tmp_path: Path, resolution: int) -> None:
    large = PictureSet.from_folder(paint_pictures(tmp_path / "pictures", 12), resolution)
    parameters = GanTrainingParameters(**{**QUICK, "resolution": resolution, "images": 2, "batch_size": 2})
    model = GanLearner().train(parameters, 5, large, context(tmp_path)).model
    assert make(Sampler.load(CPU, model), SampleParameters(size=resolution))[0].size == (resolution, resolution)


def test_the_dcgan_learns_and_paints(tmp_path: Path) -> None:
    pictures = PictureSet.from_folder(paint_pictures(tmp_path / "pictures", 24), 64)
    parameters = GanTrainingParameters(
        architecture="dcgan", loss="non-saturating", penalty=0.0, augmentation="none", images=16, batch_size=8
    )
    model = GanLearner().train(parameters, 5, pictures, context(tmp_path)).model
    assert make(Sampler.load(CPU, model), SampleParameters(size=64))[0].size == (64, 64)

"""Each kind learns: its pictures come nearer to those given, its latents to the prior."""

from pathlib import Path

import pytest
import torch

from generation.engines import registry
from generation.engines.autoencoder.autoencoder import Autoencoder
from generation.engines.autoencoder.judges import LatentJudge
from generation.engines.autoencoder.losses import judge_loss
from generation.engines.autoencoder.method import AutoencoderMethod
from generation.engines.autoencoder.methods import METHODS
from generation.engines.autoencoder.parameters import Kind
from generation.engines.errors import InvalidParameters
from generation.engines.training import checkpoint
from generation.engines.training.trainer import Trainer, TrainingContext
from tests.generation.engines.autoencoder.learning import (
    CPU,
    KINDS,
    chosen,
    method,
    pictures,
    some_pictures,
    trained,
)


def _chance() -> torch.Generator:
    return torch.Generator().manual_seed(1)


def _teach(taught: AutoencoderMethod, folder: Path) -> Trainer:
    trainer = Trainer(taught, pictures(), 1, TrainingContext(device=CPU, folder=folder))
    trainer.run()
    return trainer


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("resolution", [32, 64, 128, 256])
def test_pictures_of_every_size_come_back_as_large(kind: Kind, resolution: int) -> None:
    grid = 8 if resolution > 64 else 4
    network = method(kind, resolution=resolution, grid=grid).autoencoder
    given = some_pictures(2, resolution)
    with torch.inference_mode():
        latents = network.encode(given)
        assert network.decode(network.settled(latents)).shape == given.shape
        assert network.draw(2, 1.0, _chance()).shape == latents.shape
        assert network.posterior(given, 1.0, _chance()).shape == latents.shape


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_learnt_remakes_pictures_better_than_at_first(kind: Kind, tmp_path: Path) -> None:
    taught = method(kind)
    given, none = some_pictures(), torch.zeros(16, dtype=torch.long)
    with torch.no_grad():
        before = taught.validation_loss(taught.kept, given, none)
    trainer = _teach(taught, tmp_path)
    with torch.no_grad():
        after = taught.validation_loss(trainer.average.network, given, none)
    assert before is not None
    assert after is not None
    assert float(after) < 0.6 * float(before)


@pytest.mark.parametrize("kind", KINDS)
def test_every_weight_that_is_kept_learns(kind: Kind) -> None:
    taught, given = method(kind), some_pictures()
    taught.after_step(20_000)  # the judge has its say
    moved = {}
    for phase in taught.phases:
        loss = taught.loss(phase.name, given, torch.zeros(16, dtype=torch.long), _chance())
        names = {id(parameter): name for name, parameter in taught.kept.named_parameters()}
        grads = torch.autograd.grad(loss.total, list(phase.trained.parameters()), allow_unused=True)
        for parameter, grad in zip(phase.trained.parameters(), grads, strict=True):
            moved[names.get(id(parameter), "")] = grad is not None
    assert {name for name, _ in taught.kept.named_parameters()} <= {name for name, has in moved.items() if has}


def test_the_parameters_choose_the_kind() -> None:
    learner = registry.implementation("train-autoencoder")
    for kind in KINDS:
        made = learner.method(chosen(kind), method(kind).facts, CPU)  # type: ignore[attr-defined]
        assert type(made) is METHODS[kind]


def test_before_the_judge_of_latents_these_come_to_the_prior() -> None:
    torch.manual_seed(1)
    judge, latents = LatentJudge(4, 64), torch.nn.Parameter(torch.randn(128, 4) * 0.1 + 2.0)
    theirs, ours = (
        torch.optim.Adam(judge.parameters(), 0.002, (0.5, 0.9)),
        torch.optim.Adam([latents], 0.02, (0.5, 0.9)),
    )
    for _ in range(300):
        loss = judge_loss(judge(torch.randn(128, 4)), judge(latents.detach()))
        theirs.zero_grad()
        torch.autograd.backward(loss)
        theirs.step()
        ours.zero_grad()
        torch.autograd.backward(-judge(latents).sum())
        ours.step()
    found = latents.detach()
    assert float(found.mean(0).abs().max()) < 0.5
    assert 0.6 < float(found.std()) < 1.5


def test_beta_grows_over_its_schedule_and_free_bits_bound_it() -> None:
    taught = method("vae", beta_images=1000, free_bits=0.5, beta=2.0)
    given = some_pictures()
    costs = []
    for images in (0, 500, 1000, 5000):
        taught.after_step(images)
        costs.append(float(taught.remake(given, _chance()).costs["divergence"].detach()))
    assert costs[0] == 0.0
    assert costs[1] == pytest.approx(costs[2] / 2)
    assert costs[2] == pytest.approx(costs[3])
    assert costs[2] >= 0.9999 * 10.0 * 2.0 * 0.5 * 16 / given[0].numel()


def test_every_second_picture_is_remade_from_codes_that_strayed() -> None:
    taught, given = method("vq-vae", codes=256), some_pictures()
    network = taught.autoencoder
    with torch.no_grad():
        nearest = network.decode(network.settled(network.encode(given)))
        painted = taught.remake(given, _chance()).painted
    torch.testing.assert_close(painted[::2], nearest[::2])
    assert all(
        not torch.allclose(one, other, atol=1e-4) for one, other in zip(painted[1::2], nearest[1::2], strict=True)
    )


def test_a_model_says_what_it_is(tmp_path: Path) -> None:
    for kind in KINDS:
        notes = checkpoint.read(trained(kind).model).notes
        assert (notes["kind"], notes["method"]) == ("autoencoder", kind)
        assert notes["shape"]["resolution"] == notes["resolution"] == 32


@pytest.mark.parametrize("kind", KINDS)
def test_training_goes_on_from_a_checkpoint_as_if_nothing_had_happened(kind: Kind, tmp_path: Path) -> None:
    def run(folder: str, images: int, resume: Path | None = None) -> Autoencoder:
        taught = method(kind, images=images)
        context = TrainingContext(device=CPU, folder=tmp_path / folder)
        Trainer(taught, pictures(), 1, context, resume).run()
        return taught.autoencoder

    whole = run("whole", 96).state_dict()
    run("half", 48)
    resumed = run("rest", 96, tmp_path / "half" / "checkpoint.safetensors").state_dict()
    assert all(torch.equal(tensor, resumed[name]) for name, tensor in whole.items())


def test_a_grid_nearly_as_fine_as_the_picture_is_refused() -> None:
    with pytest.raises(InvalidParameters, match="autoencoder"):
        registry.declaration("train-autoencoder").validate_parameters({"resolution": 64, "grid": 32})

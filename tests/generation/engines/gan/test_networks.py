"""Networks have the shapes they must, and losses the values that are known beforehand."""

import math

import pytest
import torch

from generation.engines.gan.augmentation import adapted, augment
from generation.engines.gan.losses import gradient_penalty, judge_loss, painter_loss
from generation.engines.gan.networks import Discriminator, Generator
from generation.engines.gan.parameters import LossName

CHANCE = torch.Generator().manual_seed(4)


@pytest.mark.parametrize("resolution", [32, 64, 128, 256, 512, 1024])
def test_painters_and_judges_of_every_size_fit_together(resolution: int) -> None:
    painter = Generator(resolution=resolution, latent=8, width=4)
    judge = Discriminator(resolution=resolution, width=4)
    with torch.no_grad():
        painted = painter(torch.randn(2, 8, generator=CHANCE))
        assert painted.shape == (2, 3, resolution, resolution)
        assert judge(painted).shape == (2,)
    assert painted.std() > 0.01


@pytest.mark.parametrize("resolution", [64, 256, 512, 1024])
def test_a_painters_last_layers_have_room_for_all_colours(resolution: int) -> None:
    painter = Generator(resolution=resolution, latent=8, width=24)
    assert painter.finish.in_channels >= 8
    assert all(int(block.second.out_channels) >= 16 for block in painter.blocks)  # type: ignore[union-attr,arg-type]


def test_classes_change_what_is_painted_and_how_it_is_judged() -> None:
    painter, judge = Generator(resolution=32, latent=8, width=4, classes=3), Discriminator(
        resolution=32, width=4, classes=3
    )  # fmt: skip
    noise = torch.randn(1, 8, generator=CHANCE).expand(3, -1)
    with torch.no_grad():
        painted = painter(noise, torch.arange(3))
        said = judge(painted[:1].expand(3, -1, -1, -1), torch.arange(3))
    assert not torch.allclose(painted[0], painted[1])
    assert len({round(float(one), 6) for one in said}) == 3


@pytest.mark.parametrize(
    ("loss", "judged", "painted"),
    [
        ("relativistic", math.log(1 + math.exp(-3)), math.log(1 + math.exp(3))),
        ("non-saturating", math.log(1 + math.exp(-2)) + math.log(1 + math.exp(-1)), math.log(1 + math.exp(1))),
        ("minimax", math.log(1 + math.exp(-2)) + math.log(1 + math.exp(-1)), -math.log(1 + math.exp(-1))),
    ],
)
def test_losses_are_those_of_the_papers(loss: LossName, judged: float, painted: float) -> None:
    real, fake = torch.tensor([2.0]), torch.tensor([-1.0])
    assert judge_loss(real, fake, loss).item() == pytest.approx(judged, abs=1e-6)
    assert painter_loss(real, fake, loss).item() == pytest.approx(painted, abs=1e-6)


def test_the_penalty_is_the_squared_slope() -> None:
    pictures = torch.zeros(5, 3, 2, 2, requires_grad=True)
    assert gradient_penalty((pictures * 2.0).sum((1, 2, 3)), pictures).item() == pytest.approx(4.0 * 12)


def test_augmentation_lets_gradients_pass_and_depends_on_its_draw_alone() -> None:
    pictures = torch.rand(4, 3, 32, 32, generator=CHANCE, requires_grad=True)
    first, again, other = (augment(pictures, torch.Generator().manual_seed(seed)) for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    first.sum().backward()  # type: ignore[no-untyped-call]
    assert pictures.grad is not None
    assert (pictures.grad != 0).float().mean() > 0.2
    assert 0.05 < (first == 0).float().mean() < 0.5  # what is cut out


def test_as_many_are_augmented_as_is_said_and_the_others_left_as_they_are() -> None:
    pictures = torch.rand(600, 3, 8, 8, generator=CHANCE)
    torch.testing.assert_close(augment(pictures, CHANCE, 0.0), pictures)
    changed = (augment(pictures, CHANCE, 0.2) - pictures).abs().amax((1, 2, 3)) > 1e-4
    assert float(changed.float().mean()) == pytest.approx(1 - 0.8**3, abs=0.15)  # by one of three kinds at least


def test_augmentation_grows_while_the_judge_is_too_sure_and_shrinks_otherwise() -> None:
    assert adapted(0.5, trust=0.9, shown=16, pictures=1000) == pytest.approx(0.5 + 16 / 100_000)
    assert adapted(0.5, trust=0.7, shown=16, pictures=1000) == pytest.approx(0.5 - 16 / 100_000)
    assert adapted(0.5, trust=0.9, shown=16, pictures=50) == pytest.approx(0.5 + 16 / 20_000)
    assert adapted(0.0, trust=0.7, shown=16, pictures=1000) == 0.0
    assert adapted(1.0, trust=0.9, shown=16, pictures=1000) == 1.0


def test_a_judge_can_be_taught_with_pictures_that_are_all_alike() -> None:
    judge, pictures = Discriminator(resolution=32, width=4), torch.ones(4, 3, 32, 32, requires_grad=True)
    torch.autograd.backward(gradient_penalty(judge(pictures), pictures))
    assert all(parameter.grad is None or torch.isfinite(parameter.grad).all() for parameter in judge.parameters())

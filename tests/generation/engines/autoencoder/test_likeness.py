"""Likeness: what compares trainings whose losses do not compare."""

import pytest
import torch

from generation.engines.autoencoder.parameters import Kind
from generation.engines.training.features import FeatureNetwork, features_of
from generation.engines.training.measures import kid, unlikeness
from generation.engines.training.pictures import Part
from generation.engines.training.validation import Validation, draw
from tests.generation.engines.autoencoder.learning import CPU, method, pictures

HELD_OUT = Part(pictures().train.pictures[:12], pictures().train.classes[:12])


def measured(kind: Kind, **chosen: object) -> float:
    made = method(kind, **chosen)
    found = Validation(made, HELD_OUT, 5, CPU).measure(made.kept)
    assert found is not None
    return found


def test_another_weight_of_the_loss_changes_the_loss_and_not_the_likeness() -> None:
    """The very same network, judged under two βs."""
    mild, strong = (measured("vae", beta=beta) for beta in (0.1, 50.0))
    assert mild < strong
    assert measured("vae", beta=0.1, judged_by="likeness") == measured("vae", beta=50.0, judged_by="likeness")


@pytest.mark.parametrize("kind", ["vae", "vq-vae", "adversarial"])
def test_likeness_is_kid_of_samples_and_what_remaking_loses(kind: Kind) -> None:
    made, network = method(kind, judged_by="likeness"), FeatureNetwork.load(CPU)
    given = HELD_OUT.pictures / 127.5 - 1.0
    with torch.inference_mode():
        remade = made.remade(made.kept, given).clamp(-1.0, 1.0)
    real = features_of(network, HELD_OUT.pictures)
    expected = kid(features_of(network, draw(made, made.kept, 12, 5)), real)
    expected += unlikeness(features_of(network, remade), real)
    assert Validation(made, HELD_OUT, 5, CPU).measure(made.kept) == pytest.approx(expected, rel=1e-5)


def test_three_pictures_are_too_few_to_say() -> None:
    made = method("vae", judged_by="likeness")
    few = Part(HELD_OUT.pictures[:3], HELD_OUT.classes[:3])
    assert Validation(made, few, 5, CPU).measure(made.kept) is None

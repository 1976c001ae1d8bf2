"""What a translation learns from two collections: to look like the one, and to stay the other."""

import hashlib
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from generation.engines import registry
from generation.engines.errors import InvalidParameters, ModelUnusable, WeightsMissing
from generation.engines.style.features.efficientnet import EfficientNetLite
from generation.engines.training import checkpoint
from generation.engines.training.checkpoint import Snapshot
from generation.engines.training.learner import Learner
from generation.engines.training.method import Facts
from generation.engines.training.pictures import PictureSet
from generation.engines.training.trainer import Trainer, TrainingContext
from generation.engines.translation.judge import FeatureJudge, judging_loss, praise
from generation.engines.translation.losses import shape_error, tone_error
from generation.engines.translation.method import CollectionTranslation
from generation.engines.translation.parameters import TranslationTrainingParameters
from generation.engines.translation.spreads import Spreads, manner_error
from tests.generation.engines.studio import numbers
from tests.generation.engines.translation.learning import (
    CPU,
    SIDE,
    SMALL,
    collections,
    drawn,
    paint,
    photograph,
    trained,
)

NEW = range(300, 308)  # photographs that nothing was learnt from


def test_what_was_held_out_is_measured_before_and_after() -> None:
    measures = trained().measures
    assert measures["kid"] < 0.8 * measures["kid_before"]
    assert 0.0 < measures["content"] < 1.0
    # What nothing was learnt from is as it was: another training has the same.
    assert measures["kid_before"] == pytest.approx(0.9621, abs=0.01)


@pytest.mark.parametrize("number", NEW)
def test_the_ground_becomes_the_works_and_the_thing_stays_where_it_is(number: int) -> None:
    painted = numbers(paint(photograph(number)).resize((32, 32), Image.Resampling.BOX))
    is_thing = numbers(drawn(number, 32, "black", "white"))[..., 0] > 128
    red, green, blue = painted[~is_thing].mean(0)
    assert min(red, green) - blue > 80  # it was white
    assert painted[is_thing].mean() < painted[~is_thing].mean() - 60


def test_a_photograph_of_any_shape_keeps_its_own() -> None:
    for size, expected in (((90, 61), (64, 43)), ((31, 200), (10, 64)), ((3, 700), (1, 64))):
        assert paint(photograph(300).resize(size)).size == expected
    assert paint(photograph(300), size=640).size == (640, 640)


def test_detail_says_how_large_the_photograph_is_seen() -> None:
    coarse, fine = (paint(photograph(300, 256), size=256, detail=detail) for detail in (1.0, 4.0))
    sharpness = [np.abs(np.diff(numbers(one), axis=0)).max() for one in (coarse, fine)]
    assert sharpness[1] > sharpness[0]


def test_the_engine_names_its_model_and_needs_one() -> None:
    model = trained().model
    engine = registry.load("translate", CPU, model)
    assert engine.model_hash == hashlib.sha256(model.read_bytes()).hexdigest()
    with pytest.raises(WeightsMissing):
        registry.load("translate", CPU)


def test_models_of_other_kinds_are_refused(tmp_path: Any) -> None:
    checkpoint.write(tmp_path / "model.safetensors", Snapshot({"weight": torch.zeros(1)}, {"kind": "gan"}))
    with pytest.raises(ModelUnusable):
        registry.load("translate", CPU, tmp_path / "model.safetensors")


def test_samples_are_pairs_of_what_was_held_out() -> None:
    sheet = numbers(trained().samples)
    before = collections().validation.pictures[0].permute(1, 2, 0).numpy()
    assert np.array_equal(sheet[:SIDE, :SIDE], before)
    assert not np.array_equal(sheet[:SIDE, SIDE : 2 * SIDE], before)


@pytest.mark.parametrize(
    ("names", "chosen", "field"),
    [
        (("photographs", "works"), {"photographs": "nothing"}, "photographs"),
        (("photographs", "works"), {"works": "nothing"}, "works"),
        ((), {}, "photographs"),
    ],
)
def test_what_the_dataset_lacks_is_named(
    tmp_path: Any, names: tuple[str, ...], chosen: dict[str, str], field: str
) -> None:
    pictures = collections()
    lacking = PictureSet(pictures.train, pictures.validation, pictures.test, names)
    learner = registry.implementation("train-translation")()
    assert isinstance(learner, Learner)
    parameters = TranslationTrainingParameters.model_validate({**SMALL, **chosen})
    with pytest.raises(InvalidParameters) as refused:
        learner.train(parameters, 1, lacking, TrainingContext(device=CPU, folder=tmp_path))
    assert list(refused.value.errors) == [field]


@pytest.mark.parametrize(
    ("counts", "field"),
    [
        ({"photographs": {"train": 9}, "works": {"train": 9, "test": 1}}, "photographs"),
        ({"photographs": {"train": 9, "test": 1}, "works": {"train": 1, "validation": 3}}, "works"),
    ],
)
def test_too_few_are_named(counts: dict[str, Any], field: str) -> None:
    assert list(TranslationTrainingParameters().problems_with_classes(counts)) == [field]


def test_left_empty_the_works_are_all_other_classes() -> None:
    assert TranslationTrainingParameters().halves(["ink", "oil", "photographs"]) == ((2,), (0, 1))
    assert TranslationTrainingParameters(works="oil").halves(["ink", "oil", "photographs"]) == ((2,), (1,))


@pytest.mark.parametrize("chosen", [{"works": "photographs"}, {"batch_size": 7}, {"batch_size": 8, "accumulate": 3}])
def test_halves_that_cannot_be_are_refused(chosen: dict[str, Any]) -> None:
    with pytest.raises(InvalidParameters):
        registry.declaration("train-translation").validate_parameters(chosen)


def noise(*shape: int, seed: int = 1) -> torch.Tensor:
    return torch.rand(shape, generator=torch.Generator().manual_seed(seed))


def test_shapes_are_which_places_are_alike_however_they_are_painted() -> None:
    given = noise(2, 24, 16, 16)
    otherwise = given.flip(1) * 3.0  # other channels, stronger: the same places are alike
    torch.testing.assert_close(shape_error(otherwise, given), torch.zeros(2), atol=1e-6, rtol=0.0)
    assert (shape_error(given.roll(3, -1), given) > 0.05).all()


def test_tones_are_light_and_dark_whatever_the_colour_or_contrast() -> None:
    given = noise(2, 3, 64, 64)
    grey = given.mean(1, keepdim=True).expand(-1, 3, -1, -1)
    torch.testing.assert_close(tone_error(0.2 + 0.5 * grey, given), torch.zeros(2), atol=1e-2, rtol=0.0)
    torch.testing.assert_close(tone_error(1.0 - given, given), torch.full((2,), 2.0), atol=1e-2, rtol=0.0)


def test_works_are_near_themselves_and_far_from_photographs() -> None:
    works, photographs = (collections().train.of([number]).pictures for number in (1, 0))
    network = EfficientNetLite.load(CPU)
    spreads = Spreads(network, ("stem", "block3"), works, CPU)

    def errors(some: torch.Tensor) -> dict[str, torch.Tensor]:
        pictures, chance = some.float() / 255.0, torch.Generator().manual_seed(1)
        seen = network(pictures, ("stem", "block3"))
        return manner_error(spreads, seen, pictures, works.float() / 255.0, chance)

    near, far = errors(works), errors(photographs)
    assert near.keys() == {"layers", "colours", "patches"}
    for name, error in near.items():
        assert error < 0.1 * far[name], name


def test_a_judge_answers_place_by_place_in_each_layer() -> None:
    judge = FeatureJudge({"fine": 6, "coarse": 12})
    said = judge({"fine": noise(2, 6, 16, 16), "coarse": noise(2, 12, 4, 4)})
    assert {layer: answers.shape for layer, answers in said.items()} == {"fine": (2, 1, 8, 8), "coarse": (2, 1, 2, 2)}
    right, wrong = ({"fine": torch.full((2, 1, 8, 8), value)} for value in (2.0, -2.0))
    assert float(judging_loss(right, wrong)) == 0.0
    assert float(judging_loss(wrong, right)) == 6.0
    assert praise(right).tolist() == [2.0, 2.0]


@pytest.mark.parametrize("chosen", [{"faithfulness": 0.0}, {"faithfulness": 20.0}, {"strictness": 0.0}, {"width": 16}])
def test_each_choice_makes_a_difference(chosen: dict[str, Any]) -> None:
    usual, other = (first_weights(**some) for some in ({}, chosen))
    assert usual.shape != other.shape or not torch.equal(usual, other)


def first_weights(**chosen: Any) -> torch.Tensor:
    """A kernel after two steps."""
    torch.manual_seed(1)
    parameters = TranslationTrainingParameters.model_validate({**SMALL, "batch_size": 4, **chosen})
    method = CollectionTranslation(parameters, Facts(pictures=96, classes=collections().class_names), CPU)
    trainer = Trainer(method, collections(), 1, TrainingContext(device=CPU, folder=Path(tempfile.mkdtemp())))
    for _ in range(2):
        trainer.step()
    return method.painter.get_parameter("expand.conv1.weight").detach()


def test_what_the_judge_knows_by_heart_is_shown_changed() -> None:
    torch.manual_seed(1)
    parameters = TranslationTrainingParameters.model_validate({**SMALL, "batch_size": 4})
    method = CollectionTranslation(parameters, Facts(pictures=96, classes=collections().class_names), CPU)
    trainer = Trainer(method, collections(), 1, TrainingContext(device=CPU, folder=Path(tempfile.mkdtemp())))
    method.load_state({"images": 0, "share": 1.0})
    trainer.step()
    assert method.state()["images"] == 4
    assert 0.99 < method.state()["share"] <= 1.0

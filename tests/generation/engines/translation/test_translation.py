"""What a translation learns from two collections: to look like the one, and to stay the other."""

import hashlib
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from generation.engines import registry
from generation.engines.errors import InvalidParameters, ModelUnusable, WeightsMissing
from generation.engines.training import checkpoint
from generation.engines.training.checkpoint import Snapshot
from generation.engines.training.learner import Learner
from generation.engines.training.pictures import PictureSet
from generation.engines.training.trainer import TrainingContext
from generation.engines.translation.losses import patch_contrast
from generation.engines.translation.networks import PatchHeads, Translator
from generation.engines.translation.parameters import TranslationTrainingParameters
from tests.generation.engines.studio import numbers
from tests.generation.engines.translation.learning import (
    CPU,
    SMALL,
    collections,
    drawn,
    paint,
    part,
    photograph,
    trained,
)

NEW = range(300, 308)  # photographs that nothing was learnt from


def test_what_was_held_out_is_measured_before_and_after() -> None:
    measures = trained().measures
    assert measures["kid"] != measures["kid_before"]
    # What nothing was learnt from is as it was: another training has the same.
    assert measures["kid_before"] == pytest.approx(0.8929, abs=0.01)


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
    assert np.array_equal(sheet[:32, :32], before)
    assert not np.array_equal(sheet[:32, 32:64], before)


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


def test_patches_are_told_apart_by_where_they_come_from() -> None:
    vectors = torch.nn.functional.normalize(torch.randn(2, 16, 8, generator=torch.Generator().manual_seed(1)), dim=-1)
    right, wrong = (float(patch_contrast(vectors.roll(by, 1), vectors)) for by in (0, 1))
    assert right < 0.05
    assert wrong > 5.0


def test_heads_look_at_the_same_place_of_every_layer() -> None:
    painter = Translator(width=8, blocks=2)
    pictures = part(0, 1).pictures[:1].float() / 127.5 - 1.0
    places = torch.tensor([[[0.1, 0.9], [0.5, 0.5]]])
    found = PatchHeads(painter.channels)(painter.features(pictures), places)
    assert [one.shape for one in found] == [(1, 2, 64)] * 4
    for one in found:
        torch.testing.assert_close(one.norm(dim=-1), torch.ones(1, 2))

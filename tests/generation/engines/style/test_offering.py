"""What a house has no weights for is not among what can be chosen."""

from typing import Any

import pytest

from generation.engines import registry
from generation.engines.errors import InvalidParameters
from generation.engines.style.features import offering


def schema() -> Any:
    return registry.declaration("arbitrary-style").json_schema()["properties"]["features"]


@pytest.fixture(autouse=True)
def _afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offering, "_missing", offering._missing)


def test_a_network_is_named_where_it_can_be_chosen() -> None:
    offering.go_without()
    assert schema()["names"]["vgg-19"] == "VGG-19"
    assert schema()["enum"] == ["best", "efficientnet-lite0", "vgg-19"] == list(schema()["names"])
    registry.declaration("arbitrary-style").validate_parameters({"quality": "masterpiece", "features": "vgg-19"})


def test_and_left_out_where_it_cannot() -> None:
    offering.go_without("vgg-19")
    assert schema()["enum"] == ["best", "efficientnet-lite0"] == list(schema()["names"])
    assert schema()["counts_with"] == {"quality": ["masterpiece"]}
    with pytest.raises(InvalidParameters):
        registry.declaration("arbitrary-style").validate_parameters({"quality": "masterpiece", "features": "vgg-19"})

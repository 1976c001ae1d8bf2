"""What a search may try: the methods' own spaces, as an artist narrows and widens them, and what makes no sense."""

from typing import Any

import pytest

from generation.engines import registry
from generation.engines.autoencoder.declarations import TRAIN_AUTOENCODER
from generation.engines.autoencoder.parameters import AutoencoderTrainingParameters
from generation.engines.errors import InvalidParameters
from generation.engines.gan.declarations import TRAIN_GAN
from generation.engines.gan.parameters import GanTrainingParameters
from generation.engines.training.parameters import TrainingParameters
from generation.engines.training.space import Choice, Range, choose_space, read_space, write_space

GAN = GanTrainingParameters()
TRAINERS = [engine for engine in registry.declarations() if engine.trains]


@pytest.mark.parametrize("engine", TRAINERS, ids=lambda engine: engine.name)
def test_a_method_takes_every_edge_of_its_own_space_and_its_defaults_lie_within(engine: Any) -> None:
    defaults = engine.validate_parameters({})
    assert isinstance(defaults, TrainingParameters)
    for name, entry in choose_space(engine, defaults, None).items():
        assert entry.holds(defaults.model_dump()[name]), name
        for value in entry.edges:
            engine.validate_parameters({name: value})


@pytest.mark.parametrize("kind", ["vae", "vq-vae", "adversarial"])
def test_an_autoencoder_searches_what_its_kind_weighs(kind: Any) -> None:
    space = choose_space(TRAIN_AUTOENCODER, AutoencoderTrainingParameters(kind=kind), None)
    assert ("free_bits" in space, "levels" in space, "corruption" in space) == (
        kind == "vae", kind == "vq-vae", kind == "adversarial",
    )  # fmt: skip


def test_an_artist_narrows_fixes_and_adds() -> None:
    chosen = {
        "learning_rate": {"low": 1e-3},
        "width": {"options": [32]},
        "penalty": {},
        "latent": {"low": 16, "high": 64},
    }
    assert choose_space(TRAIN_GAN, GAN, chosen) == {
        "learning_rate": Range(low=1e-3, high=1e-2, log=True),
        "width": Choice(options=(32,)),
        "penalty": GAN.search_space()["penalty"],
        "latent": Range(low=16, high=64, whole=True),
    }


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ({"learning_rate": {"low": 0.01, "high": 0.001}}, "The lowest must be below the highest."),
        ({"learning_rate": {"low": 0.0, "high": 0.01}}, "On a logarithmic scale the lowest is above nought."),
        ({"learning_rate": {"low": 0.01, "high": 3.0}}, "Input should be less than or equal to 0.1"),
        ({"learning_rate": {"low": 0.01, "high": float("inf")}}, "Input should be a finite number"),
        ({"learning_rate": {"lowest": 0.01}}, "Extra inputs are not permitted"),
        ({"learning_rate": 0.01}, "Give {low, high}, {options}, or {} for the usual."),
        ({"width": {"options": [32, 1000]}}, "Input should be less than or equal to 128"),
        ({"width": {"options": []}}, "Tuple should have at least 1 item after validation, not 0"),
        ({"latent": {"low": 16, "high": 32.5}}, "Its ends are whole numbers."),
        ({"latent": {}}, "Field required"),
        ({"minutes": {"low": 1, "high": 2}}, "This parameter is not searched."),
        ({"nonsense": {}}, "This parameter is not searched."),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_name(entry: dict[str, Any], says: str) -> None:
    with pytest.raises(InvalidParameters) as refused:
        choose_space(TRAIN_GAN, GAN, {"penalty": {}, **entry})
    assert refused.value.errors == {next(iter(entry)): [says]}


def test_choices_that_exclude_each_other_are_refused() -> None:
    with pytest.raises(InvalidParameters) as refused:
        choose_space(TRAIN_AUTOENCODER, AutoencoderTrainingParameters(resolution=32), {"grid": {"options": [8, 16]}})
    assert refused.value.errors == {"grid": ["The grid may be a quarter of the resolution at most."]}


def test_nothing_to_search_is_refused() -> None:
    with pytest.raises(InvalidParameters) as refused:
        choose_space(TRAIN_GAN, GAN, {})
    assert refused.value.errors == {"space": ["1 to 16 parameters."]}


def test_a_space_comes_back_from_json_as_it_was() -> None:
    space = choose_space(TRAIN_GAN, GAN, None)
    assert read_space(write_space(space)) == space

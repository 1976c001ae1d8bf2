"""The shipped classifier, and another in its place."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

from generation.moderation import ExplicitClassifier, OpenNsfw, classifier_named
from marketplace.environment import Environment
from tests.generation.moderation import magenta
from tests.generation.moderation.pictures import PHOTOGRAPHS, photograph

THRESHOLD = Environment.model_fields["explicit_threshold"].default


@pytest.fixture(scope="module")
def shipped() -> ExplicitClassifier:
    return classifier_named(Environment.model_fields["explicit_classifier"].default)


@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_photographs_that_are_not_explicit_pass(shipped: ExplicitClassifier, name: str) -> None:
    assert shipped.score(photograph(name)) < 0.2 < THRESHOLD


@pytest.mark.parametrize("colour", ["black", "white", "red", "pink", (210, 160, 128)])
def test_plain_colours_pass(shipped: ExplicitClassifier, colour: str) -> None:
    assert shipped.score(Image.new("RGB", (64, 48), colour)) < THRESHOLD


@pytest.mark.parametrize("mode", ["L", "RGBA", "P", "RGB"])
def test_every_kind_of_picture_can_be_judged(shipped: ExplicitClassifier, mode: str) -> None:
    assert 0.0 <= shipped.score(Image.new(mode, (3, 700))) <= 1.0


def test_the_network_tells_pictures_apart_and_gives_the_same_answer_twice(shipped: ExplicitClassifier) -> None:
    scores = [shipped.score(photograph(name)) for name in PHOTOGRAPHS]
    assert scores == [shipped.score(photograph(name)) for name in PHOTOGRAPHS]
    assert len(set(scores)) == len(PHOTOGRAPHS)


def test_reducing_a_large_picture_first_does_not_change_the_verdict(shipped: ExplicitClassifier) -> None:
    moon = photograph("moon.png")
    large = moon.resize((3000, 3000), Image.Resampling.BICUBIC)
    assert shipped.score(large) == pytest.approx(shipped.score(moon), abs=0.02)


def test_the_network_is_loaded_at_the_first_look_and_once() -> None:
    classifier = OpenNsfw()
    assert classifier._network is None
    grey = Image.fromarray(np.full((50, 50, 3), 120, np.uint8))
    with ThreadPoolExecutor(4) as pool:
        networks = {id(classifier._loaded()) for _ in pool.map(classifier.score, [grey] * 8)}
    assert len(networks) == 1


def test_another_classifier_takes_its_place_by_name() -> None:
    other = classifier_named(magenta.PATH)
    assert other is classifier_named(magenta.PATH)
    assert other.score(Image.new("RGB", (10, 10), magenta.MAGENTA)) == 1.0


@pytest.mark.parametrize("path", ["generation.moderation.Nobody", "nowhere.at.all", "plain"])
def test_a_classifier_that_is_not_there_is_an_error(path: str) -> None:
    with pytest.raises((ImportError, AttributeError, ValueError)):
        classifier_named(path)


def test_the_judges_need_neither_django_nor_torch() -> None:
    script = (
        "import sys, generation.moderation; "
        "sys.exit(any(name.split('.')[0] in {'django', 'torch'} for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0

"""Settings that would be unsafe or incomplete stop the start, by name."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from pydantic import ValidationError

from marketplace.environment import DEMO_SECRET_KEY, Environment

KEY = "k" * 50


def environment(**changes: object) -> Environment:
    return Environment(**(settings.ATELIER.model_dump() | {"secret_key": KEY} | changes))


def test_the_demo_key_is_refused_outside_the_demo() -> None:
    with pytest.raises(ValidationError, match="SECRET_KEY is the demo key"):
        environment(secret_key=DEMO_SECRET_KEY, atelier_demo=False)
    assert environment(secret_key=DEMO_SECRET_KEY, atelier_demo=True)


def test_the_demo_is_for_loopback_alone() -> None:
    with pytest.raises(ValidationError, match="loopback"):
        environment(atelier_demo=True, public_url="https://atelier.example")


@pytest.mark.parametrize("bad", [{"secret_key": "short"}, {"public_url": "atelier.example"}, {"database_pool": 0}])
def test_what_cannot_be_right_is_refused(bad: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        environment(**bad)


def test_a_missing_variable_stops_the_start_with_its_name() -> None:
    given = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run([sys.executable, "manage.py", "check"], env=given, capture_output=True, text=True)
    assert done.returncode == 1
    assert "DATABASE_URL: Field required" in done.stderr
    assert "Traceback" not in done.stderr


def test_secrets_are_never_printed() -> None:
    assert KEY not in repr(environment())


def test_the_web_process_never_loads_torch() -> None:
    code = (
        "import django, sys; django.setup(); from django.urls import get_resolver; get_resolver().url_patterns;"
        " heavy = {'torch', 'torchvision', 'onnx', 'onnxruntime'} & set(sys.modules); assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr

"""A model that learnt from real pictures, as `learning` has it."""

from tests.generation.learning.conftest import (  # noqa: F401  # fixtures
    add,
    artist,
    dataset,
    frozen,
    model,
    quick_gate,
)

"""A signed work, as in the tests of trust."""

from tests.gallery.trust.conftest import signed

__all__ = ["signed"]

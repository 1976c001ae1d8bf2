"""Which worker takes which tests, and when.

A file's tests go to one worker, in their order. The tests that open whole houses (a dozen processes each) go to a
single worker, one after another: never are two houses up at once, and the journeys share one. And they go first: what
takes longest would otherwise be left to the end, with one worker at it and the others done.
"""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

WITH_HOUSES = ("tests/journeys/", "tests/chaos/", "tests/races/")


class Lanes(LoadFileScheduling):
    """`--dist loadfile`, but for the tests with houses of their own; to be used with `--no-loadscope-reorder`."""

    def _split_scope(self, nodeid: str) -> str:
        return "houses" if nodeid.startswith(WITH_HOUSES) else str(super()._split_scope(nodeid))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Lanes | None:
    """Ours for `--dist loadfile`; whoever asks for something else gets it."""
    return Lanes(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Houses first; else the order stays, which is that of their need of the database."""
    items.sort(key=lambda item: not item.nodeid.startswith(WITH_HOUSES))

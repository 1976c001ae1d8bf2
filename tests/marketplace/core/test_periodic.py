"""The sweeper's chores: when due, one sweeper at a time, and none hinders another."""

import psycopg
import pytest

from marketplace.core import notify, periodic

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    done: list[str] = []
    monkeypatch.setattr(periodic, "_chores", {})

    @periodic.periodic(seconds=3600)
    def clumsy() -> None:
        done.append("clumsy")
        raise RuntimeError

    @periodic.periodic(seconds=3600)
    def diligent() -> None:
        done.append("diligent")

    return done


def test_a_failing_chore_does_not_keep_the_next_from_running(ran: list[str]) -> None:
    assert len(periodic.run_due()) == 2
    assert ran == ["clumsy", "diligent"]


def test_a_chore_runs_again_only_when_it_is_due(ran: list[str]) -> None:
    periodic.run_due()
    assert periodic.run_due() == []
    assert len(ran) == 2
    periodic.run_due(everything=True)
    assert len(ran) == 4


def test_a_second_sweeper_stands_aside(ran: list[str]) -> None:
    with psycopg.connect(notify.conninfo()) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [periodic.SWEEPER_LOCK])
        assert periodic.run_due() == []
        # A closed connection's locks are let go a moment after it closed: this says when.
        other.execute("SELECT pg_advisory_unlock(%s)", [periodic.SWEEPER_LOCK])
    assert ran == []
    assert len(periodic.run_due()) == 2

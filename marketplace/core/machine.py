"""State machines as data: who may move a row from where to where, what money moves with it, and by when.

The rows that say so are checked in Python, held by a trigger in the database (`guarded`), and drawn in
docs/machines.md (`manage.py draw_machines`), so that the three cannot tell different stories.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import ClassVar, Protocol

from django.db import migrations
from django.utils.translation import gettext

from marketplace.core.errors import Conflict

BEGINNING = ""


class NotNow(Conflict):
    """The thing is in a state from which this cannot be done; `state` says in which."""

    code, title = "not-now", "Not possible in the present state"


class Row(Protocol):
    """What has a state."""

    state: str


@dataclass(frozen=True, slots=True)
class Transition:
    """One arrow. `actor`, `money` and `deadline` are for people, and drawn."""

    name: str
    sources: tuple[str, ...]
    target: str
    actor: str
    money: str = ""
    deadline: str = ""


@dataclass(frozen=True, slots=True)
class Machine:
    """All the arrows of one kind of row; kept in `Machine.known` by its name."""

    name: str
    title: str
    transitions: tuple[Transition, ...]
    by_name: dict[str, Transition] = field(init=False, repr=False)

    known: ClassVar[dict[str, "Machine"]] = {}

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {one.name: one for one in self.transitions})
        if len(self.by_name) != len(self.transitions):
            raise ValueError(f"{self.name} names a transition twice")
        Machine.known[self.name] = self

    @property
    def states(self) -> tuple[str, ...]:
        """Every state, in the order in which they are named."""
        named = chain.from_iterable((*one.sources, one.target) for one in self.transitions)
        return tuple(dict.fromkeys(state for state in named if state != BEGINNING))

    @property
    def finals(self) -> frozenset[str]:
        """The states that nothing leaves."""
        left = set(chain.from_iterable(one.sources for one in self.transitions))
        return frozenset(self.states) - left

    @property
    def arrows(self) -> list[tuple[str, str]]:
        """Every (from, to), without the beginnings, sorted."""
        return sorted({(source, one.target) for one in self.transitions for source in one.sources if source})

    def allows(self, name: str, state: str) -> bool:
        """Whether this can be done in `state`."""
        return state in self.by_name[name].sources

    def move(self, row: Row, name: str) -> None:
        """Set the row's state as the named transition says; the row must be locked, and is not saved.

        Raises NotNow, KeyError for a transition that there is not.
        """
        transition = self.by_name[name]
        if row.state not in transition.sources:
            raise NotNow(
                gettext("This cannot be done while it is %(replace)s.") % {"replace": row.state.replace("_", " ")},
                state=row.state,
            )
        row.state = transition.target

    def mermaid(self) -> Iterator[str]:
        """Its drawing, a line at a time."""
        yield "stateDiagram-v2"
        for one in self.transitions:
            for source in one.sources:
                yield f"    {source or '[*]'} --> {one.target}: {one.name.replace('_', ' ')}"
        for state in sorted(self.finals):
            yield f"    {state} --> [*]"


def guarded(table: str, machine: Machine) -> migrations.RunSQL:
    """A migration's operation: the database itself refuses every other change of `table`'s state.

    Written anew by a later migration when arrows change. The migration must depend on core's 0003_machine_guard.
    """
    arrows = ",".join(f"{source}>{target}" for source, target in machine.arrows)
    drop = f"DROP TRIGGER IF EXISTS {table}_moves ON {table};"
    return migrations.RunSQL(
        f"{drop} CREATE TRIGGER {table}_moves BEFORE UPDATE ON {table} FOR EACH ROW"
        f" WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION core_guard_moves('{arrows}');",
        drop,
    )

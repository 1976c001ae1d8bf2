"""`manage.py draw_machines`: docs/machines.md, drawn from the machines themselves."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand

from marketplace.core.machine import Machine, Transition


class Command(BaseCommand):
    help = "Print how orders, commissions and the like live: a diagram and a table each."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("# How things live\n\nDrawn by `make docs` from the machines in the code; do not edit.\n")
        for machine in sorted(Machine.known.values(), key=lambda one: one.name):
            self.stdout.write("\n".join(_drawn(machine)))


def _drawn(machine: Machine) -> Iterator[str]:
    yield f"## {machine.title}\n"
    yield "```mermaid"
    yield from machine.mermaid()
    yield "```\n"
    yield "| transition | from | to | who | money | by when |"
    yield "|---|---|---|---|---|---|"
    yield from map(_row, machine.transitions)
    yield ""


def _row(one: Transition) -> str:
    sources = ", ".join(source or "nothing" for source in one.sources)
    return f"| {one.name} | {sources} | {one.target} | {one.actor} | {one.money or '—'} | {one.deadline or '—'} |"

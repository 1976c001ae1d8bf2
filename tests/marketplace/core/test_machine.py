"""The machines in the code, the triggers in the database and the drawing say the same."""

import re

import pytest
from django.core.management import call_command
from django.db import connection

from marketplace.core.machine import BEGINNING, Machine, NotNow, Transition

LAMP = Machine(
    "a-lamp",
    "A lamp",
    (
        Transition("hang", (BEGINNING,), "off", "a person"),
        Transition("light", ("off",), "on", "a person"),
        Transition("break", ("off", "on"), "broken", "time"),
    ),
)


@pytest.fixture(scope="module", autouse=True)
def _the_lamp_is_no_part_of_the_house() -> None:
    Machine.known.pop("a-lamp", None)


class Row:
    state = "off"


def test_a_row_moves_along_the_arrows_alone() -> None:
    row = Row()
    LAMP.move(row, "light")
    assert row.state == "on"
    with pytest.raises(NotNow, match="while it is on") as caught:
        LAMP.move(row, "light")
    assert caught.value.data == {"state": "on"}
    assert LAMP.states == ("off", "on", "broken")
    assert LAMP.finals == {"broken"}
    assert LAMP.arrows == [("off", "broken"), ("off", "on"), ("on", "broken")]


def test_two_transitions_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        Machine("two", "Two", (Transition("a", (BEGINNING,), "x", "p"), Transition("a", ("x",), "y", "p")))


def test_the_database_holds_the_arrows_of_every_guarded_table(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname LIKE '%\\_moves'")
        told = [definition for (definition,) in cursor.fetchall()]
    held = dict(re.findall(r" ON (?:public\.)?(\w+) .*core_guard_moves\('(.*)'\)", "\n".join(told)))
    drawn = {",".join(f"{a}>{b}" for a, b in machine.arrows) for machine in Machine.known.values()}
    assert {"orders_order", "listings_sale"} <= held.keys()
    assert set(held.values()) <= drawn


def test_the_drawing_is_what_the_code_says(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("draw_machines")
    drawn = capsys.readouterr().out
    assert all(f"## {machine.title}\n" in drawn for machine in Machine.known.values())
    assert "[*] --> reserved: reserve" in drawn

"""answers.txt: a line for each address and method, a column for each role; in it the status, or `login`."""

from collections.abc import Iterable
from pathlib import Path

from tests.walk.calls import Line
from tests.walk.world import ROLES

FILE = Path(__file__).with_name("answers.txt")
WIDTH = max(len(role) for role in ROLES) + 1
REDRAW = "run `python -m tests.walk.draw`, and read over what changed in tests/walk/answers.txt before you commit it"


def write(lines: Iterable[Line]) -> None:
    """Write the table of a walk as everybody."""
    rows = [_row(ROLES, "")] + [_row((str(line.answers[role]) for role in ROLES), str(line)) for line in lines]
    FILE.write_text("\n".join(rows) + "\n")


def _row(columns: Iterable[str], name: str) -> str:
    return ("".join(column.ljust(WIDTH) for column in columns) + name).rstrip()


def read() -> dict[str, dict[str, str]]:
    """The table as it stands in the repository: by `METHOD address`, what each role is answered."""
    rows = (row.split(None, len(ROLES)) for row in FILE.read_text().splitlines()[1:])
    return {row[-1]: dict(zip(ROLES, row, strict=False)) for row in rows}

"""Which feature networks a house goes without, so that nobody orders what would fail at the easel.

Said once, when a process starts; where nobody says anything (a studio, a script), every one is taken to be there. No
torch here: the web process reads this.
"""

_missing: frozenset[str] = frozenset()


def go_without(*names: str) -> None:
    """Refuse these from now on, and only these."""
    global _missing  # one a process, known when it starts
    _missing = frozenset(names)


def is_offered(name: str) -> bool:
    """Whether a picture may be ordered that this network looks at."""
    return name not in _missing

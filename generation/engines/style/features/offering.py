"""Which feature networks a house goes without, so that nobody orders what would fail at the easel.

Said once, when a process starts; where nobody says anything (a studio, a script), every one is taken to be there. No
torch here: the web process reads this.
"""

from collections.abc import Mapping
from typing import Any

# As people write them.
NAMES: Mapping[str, str] = {"best": "The best there is", "efficientnet-lite0": "EfficientNet-Lite0", "vgg-19": "VGG-19"}
_missing: frozenset[str] = frozenset()


def go_without(*names: str) -> None:
    """Refuse these from now on, and only these."""
    global _missing  # one a process, known when it starts
    _missing = frozenset(names)


def is_offered(name: str) -> bool:
    """Whether a picture may be ordered that this network looks at."""
    return name not in _missing


def leave_out_missing(schema: dict[str, Any]) -> None:
    """Name in a JSON Schema only what can be chosen here, and how people write it."""
    schema["enum"] = [name for name in schema["enum"] if is_offered(name)]
    schema["names"] = {name: NAMES[name] for name in schema["enum"]}

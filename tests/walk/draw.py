"""`python -m tests.walk.draw` walks and writes answers.txt and scopes.txt.

Read over what changed: what surprises is a finding.
"""

import os
import sys

import pytest

DRAWING = "WALK_DRAWS"
EVERYBODY = "WALK_AS_EVERYBODY"  # set by `make walk`; without it the suite asks as three of the seven at each address

if __name__ == "__main__":
    os.environ[DRAWING] = os.environ[EVERYBODY] = "1"
    sys.exit(pytest.main(["-q", "tests/walk/test_walk.py"]))

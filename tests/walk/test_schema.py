"""Whatever is sent, nothing breaks, and what comes back is what the OpenAPI document says."""

import os
from typing import ClassVar
from unittest import mock

from django.test import TestCase, override_settings

from tests.walk.draw import EVERYBODY
from tests.walk.fuzzing import Findings, Fuzzer
from tests.walk.test_walk import KEPT_CONNECTION, KEPT_CONTEXTS, UNTHROTTLED, furnished
from tests.walk.world import ROLES, World

# `make schemathesis` calls everything as everybody; the suite a part as one.
IN_THE_SUITE, PART = ("artist",), 3
EXAMPLES = int(os.environ.get("WALK_EXAMPLES", "1"))
SEED = int(os.environ.get("WALK_SEED", "0"))
ONLY = os.environ.get("WALK_ONLY", "")


@override_settings(ALLOWED_HOSTS=["*"])
class TheSchema(TestCase):
    """Schemathesis, as one role or as each."""

    world: ClassVar[World]

    @classmethod
    def setUpTestData(cls) -> None:
        cls.world = furnished()

    def test_whatever_is_sent_the_answer_is_as_documented(self) -> None:
        everybody = EVERYBODY in os.environ
        named = os.environ.get("WALK_ROLES", "").split() or ROLES
        wrong = []
        with mock.patch(UNTHROTTLED, return_value=True), mock.patch(KEPT_CONNECTION), mock.patch(KEPT_CONTEXTS):
            for role in named if everybody else IN_THE_SUITE:
                fuzzer = Fuzzer(self.world, role, EXAMPLES, SEED, only=ONLY, part=1 if everybody else PART)
                findings: Findings = fuzzer.run()
                print(f"{role}: {findings.counted}", flush=True)  # seen with -s
                wrong += [f"{role}: {findings}"] if findings.wrong else []
        assert not wrong, "\n".join(wrong)

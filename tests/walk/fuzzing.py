"""Schemathesis over the whole OpenAPI document in this very process: what it sends, and what it finds in the answers.

Where an address names something, most calls name what the world has: else nothing but 404 would be seen. Each call is
made in a savepoint that is rolled back. docs/walk.md says which of Schemathesis's checks are left out, and why.
"""

import logging
import traceback
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

import requests
import schemathesis
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.parameters import ParameterLocation
from schemathesis.core.result import Ok
from schemathesis.core.transport import Response
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi import checks

from tests.walk.bodies import DOCUMENT
from tests.walk.calls import client_of
from tests.walk.world import Thing, World

Operation = APIOperation[Any, Any, Any, Any]
HERE = "http://testserver"
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
WHO_ASKS = {"authorization", "cookie", "x-session-token", "content-length"}  # is not made up: the client knows
# What does not end by itself, what takes an operator's secret, and the document itself.
LEFT_OUT = r"/events/$|/webhooks/stripe/$|/schema/$"
# A call is undone here and not at the provider, who then hears another one under the same key.
SAID_BEFORE = '"provider_code":"idempotency"'


@dataclass
class Findings:
    """What came of it: how often each status was answered, and what was wrong."""

    statuses: Counter[int] = field(default_factory=Counter)
    wrong: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    @property
    def counted(self) -> str:
        """How many calls, by status, and how many findings."""
        by_status = ", ".join(f"{status}: {count}" for status, count in sorted(self.statuses.items()))
        return f"{self.statuses.total()} calls ({by_status}), {len(self.wrong)} findings"

    def __str__(self) -> str:
        return "\n".join([self.counted, *(f"{what}\n    {calls[0]}" for what, calls in self.wrong.items())])


@dataclass(frozen=True)
class Fuzzer:
    """Somebody who calls everything."""

    world: World
    role: str
    examples: int  # of each operation
    seed: int = 0
    only: str = ""  # a pattern of the paths, where not all are meant
    part: int = 1  # of so many operations one is called

    def run(self) -> Findings:
        """Call the operations of the document, with what fits it and with what does not."""
        findings, client = Findings(), client_of(self.world, self.role)
        schema = schemathesis.openapi.from_path(DOCUMENT).exclude(path_regex=LEFT_OUT)
        if self.only:
            schema = schema.include(path_regex=self.only)
        with _silence():
            for found in schema.get_all_operations():
                assert isinstance(found, Ok), found
                if crc32(found.ok().label.encode()) % self.part == 0:
                    self._call(found.ok(), client, findings)
        return findings

    def _call(self, operation: Operation, client: Client, findings: Findings) -> None:
        known: list[Thing | None] = list(self.world.things_named(operation.path)) or [None]
        cases = st.one_of(*(operation.as_strategy(mode) for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)))

        @seeded(self.seed)
        @settings(
            max_examples=self.examples, database=None, phases=[Phase.generate], deadline=None,
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=cases, thing=st.sampled_from([*known, None]))
        def attempt(case: Case[Any], thing: Thing | None) -> None:
            if thing is not None:
                case.path_parameters = {**case.path_parameters, **thing.values}
            self._look_at(case, client, findings)

        attempt()

    def _look_at(self, case: Case[Any], client: Client, findings: Findings) -> None:
        response, raised = send(case, client)
        text = response.content.decode(errors="replace")
        if SAID_BEFORE in text:
            return
        findings.statuses[response.status_code] += 1
        named = f"{case.method} {case.operation.path} {response.status_code}"
        sent = f"{response.request.url} {response.request.body!r}"[:600]
        for wrong in _wrong_in(case, response):
            findings.wrong[f"{named} {wrong}{raised}"].append(sent)
        for ident, what in self.world.private_ids(self.role, sent).items():
            if ident in text:
                findings.wrong[f"{named} tells of {what}"].append(sent)


def _wrong_in(case: Case[Any], response: Response) -> Iterator[str]:
    looked_for = [*CHECKS, checks.negative_data_rejection] if _is_wrong_in_body(case) else CHECKS
    try:
        case.validate_response(response, checks=looked_for)
    except FailureGroup as group:
        for failure in group.exceptions:
            assert isinstance(failure, Failure)
            yield f"{failure.title}: {' '.join(failure.message.split())[:300]}"


def _is_wrong_in_body(case: Case[Any]) -> bool:
    """Was the body made not to fit? Parameters that make no sense are passed over in many places."""
    body = case.meta.components.get(ParameterLocation.BODY) if case.meta else None
    return body is not None and body.mode is GenerationMode.NEGATIVE


def send(case: Case[Any], client: Client) -> tuple[Response, str]:
    """Have Django answer a case, and undo whatever it did; with what a view raised, and where, if one did."""
    sent: dict[str, Any] = case.as_transport_kwargs(base_url=HERE)
    allowed = ("method", "url", "headers", "files", "data", "params", "auth", "cookies", "json")
    request = requests.Request(**{name: sent[name] for name in allowed if name in sent}).prepare()
    body = request.body.encode() if isinstance(request.body, str) else (request.body or b"")
    headers = {name: str(value) for name, value in request.headers.items() if name.lower() not in WHO_ASKS}
    kind = headers.pop("Content-Type", "")
    atom = transaction.atomic()
    atom._from_testcase = True  # type: ignore[attr-defined]  # durable blocks may begin inside
    with atom:
        given = client.generic(request.method or "GET", request.path_url, body, kind, headers=headers)
        transaction.set_rollback(True)
    content = b"" if given.streaming else given.content
    answered = {name.lower(): [value] for name, value in given.headers.items()}
    response = Response(
        status_code=given.status_code, headers=answered, content=content, request=request, elapsed=0.0, verify=False
    )
    raised = getattr(given, "exc_info", None)
    return response, "".join(traceback.format_exception(*raised)[-3:]) if raised else ""


@contextmanager
def _silence() -> Iterator[None]:
    """Thousands of refusals are not worth a line each."""
    logging.disable(logging.ERROR)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)

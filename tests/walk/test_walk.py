"""Everybody is answered at every address as answers.txt says, and nobody gets at what is another's."""

import json
import os
from typing import ClassVar
from unittest import mock
from zlib import crc32

from django.test import TestCase, override_settings

from tests.payments.provider import Provider
from tests.walk import curating, finding, making, scoping, table, trading
from tests.walk.calls import PROBLEM, Answer, Line, ask, client_of, walk
from tests.walk.draw import DRAWING, EVERYBODY
from tests.walk.world import World, people

REFUSALS = {401, 403, 404, 405}
# What is taken off one's own list is not on it afterwards, whatever it was: so nothing is said of the work.
# That one looked at a page is heard whatever it was of, and only counts where there is something to look at.
OF_ONES_OWN = {"DELETE /api/v1/favourites/{private work}/", "POST /works/{private work}/seen/"}
# To look there writes something down, draws a file or opens a form at the payment provider: a HEAD must not.
GET_WRITES = {"case", "order-pay", "paper", "earnings-returned", "edition-bundle", "notification", "card-new"}
UNTHROTTLED = "rest_framework.throttling.SimpleRateThrottle.allow_request"
# A watched job's stream gives its connection back; here it is the test's own.
KEPT_CONNECTION = "generation.api.events.close_old_connections"
# What each template was given would be copied for every call.
KEPT_CONTEXTS = "django.test.client.store_rendered_templates"


def furnished(language: str = "") -> World:
    """The world with everything in it; in `language` the house writes to everybody."""
    provider = Provider()
    provider.reset()
    world = people(language)
    hung = making.works(world)
    making.jobs(world)
    model = making.learning(world)
    making.reviews(world)
    trading.selling(world, provider)
    trading.series(world, model)
    trading.commissioning(world, hung)
    trading.by_brief(world)
    trading.account(world)
    finding.keeping(world, hung)
    curating.cases(world)
    curating.exhibitions(world, hung)
    trading.public(world)
    provider.http.close()
    return world


@override_settings(ALLOWED_HOSTS=["*"])
class TheWalk(TestCase):
    """One walk, looked at from several sides."""

    world: ClassVar[World]
    lines: ClassVar[list[Line]] = []

    @classmethod
    def setUpTestData(cls) -> None:
        cls.world = furnished()

    def walked(self) -> list[Line]:
        """The walk, which is gone once."""
        if not self.lines:
            with mock.patch(UNTHROTTLED, return_value=True), mock.patch(KEPT_CONNECTION), mock.patch(KEPT_CONTEXTS):
                type(self).lines = list(walk(self.world, everybody=bool(os.environ.get(EVERYBODY))))
            if os.environ.get(DRAWING):
                table.write(self.lines)
        return self.lines

    def test_everybody_is_answered_as_the_table_says(self) -> None:
        found = {str(line): line for line in self.walked()}
        expected = table.read()
        missing = sorted(found.keys() - expected.keys())
        assert not missing, f"New addresses: {', '.join(missing)}. To add them, {table.REDRAW}."
        gone = sorted(expected.keys() - found.keys())
        assert not gone, f"No longer there: {', '.join(gone)}. To drop them, {table.REDRAW}."
        changed = [
            f"{line}: {role} was answered {expected[str(line)][role]}, is {answer}"
            for line, role, answer in self.answers()
            if expected[str(line)][role] != str(answer)
        ]
        assert not changed, "\n".join([f"Somebody is answered otherwise. If that is meant, {table.REDRAW}.", *changed])

    def test_pages_that_are_only_read_answer_head_as_get(self) -> None:
        found: list[tuple[Line, int, int]] = []
        with mock.patch(UNTHROTTLED, return_value=True), mock.patch(KEPT_CONTEXTS):
            for line in self.walked():
                readers = [role for role, answer in line.answers.items() if answer.is_yes]
                if line.method == "GET" and not line.address.is_api and readers:
                    answer = ask(client_of(self.world, readers[0]), "HEAD", line.path, {}, as_json=False)
                    found.append((line, answer.status, line.answers[readers[0]].status))
        otherwise = [
            f"{line}: {head}, by GET {get}"
            for line, head, get in found
            if head != (405 if line.address.name in GET_WRITES else get)
        ]
        assert not otherwise, "\n".join(otherwise)

    def test_nothing_breaks(self) -> None:
        broken = [f"{line}: {role} gets {answer}" for line, role, answer in self.answers() if answer.status >= 500]
        assert not broken, "\n".join(broken)

    def test_who_has_no_part_in_a_thing_is_told_no_whatever_they_send(self) -> None:
        """Not even "invalid": that would hide whether they may."""
        outside = [
            f"{line}: {role} gets {answer}"
            for line, role, answer in self.answers()
            if role not in line.thing.seen_by and str(line) not in OF_ONES_OWN
            if not answer.is_sign_in and answer.status not in REFUSALS
        ]
        assert not outside, "\n".join(outside)

    def test_no_answer_names_what_is_not_for_its_reader(self) -> None:
        told = [
            f"{line}: {role} reads {what}"
            for line, role, answer in self.answers()
            for ident, what in self.world.private_ids(role, line.path).items()
            if ident in answer.text or ident in answer.location
        ]
        assert not told, "\n".join(told)

    def test_every_refusal_of_the_api_is_a_problem_document(self) -> None:
        for line, role, answer in self.answers():
            if line.address.is_api and answer.status >= 400:
                assert answer.kind == PROBLEM, f"{line}: {role} gets {answer} as {answer.kind}"
                problem = json.loads(answer.text)
                assert problem["status"] == answer.status
                assert problem["type"].startswith("/problems/")
                assert all(problem[name] for name in ("title", "detail", "code"))

    def test_a_token_opens_what_its_scopes_say_and_nothing_else(self) -> None:
        """As everybody: every scope by itself. In the suite, of a third of the addresses: its scope, and all others."""
        everything = EVERYBODY in os.environ
        with mock.patch(UNTHROTTLED, return_value=True), mock.patch(KEPT_CONNECTION), mock.patch(KEPT_CONTEXTS):
            tokens, called = scoping.Tokens(self.world), list(scoping.calls(self.world))
            found = {str(call): tokens.needed_by(call) for call in called} if everything else {}
            if os.environ.get(DRAWING):
                scoping.write(found)
            expected = scoping.read()
            assert expected.keys() == {str(call) for call in called}, table.REDRAW
            otherwise = [name for name, scope in found.items() if expected[name] != scope] + [
                str(call)
                for call in called
                if everything or crc32(str(call).encode()) % 3 == 0
                if tokens.contradict(call, expected[str(call)])
            ]
        assert not otherwise, f"Other scopes open these than scopes.txt says: {', '.join(otherwise)}"

    def answers(self) -> list[tuple[Line, str, Answer]]:
        return [(line, role, answer) for line in self.walked() for role, answer in line.answers.items()]

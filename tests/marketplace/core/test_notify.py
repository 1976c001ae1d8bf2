"""Nudges come after commit, and streams look for themselves when none comes."""

import asyncio

import pytest
from asgiref.sync import sync_to_async
from django.db import transaction

from marketplace.core import notify

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_listener_hears_what_is_published() -> None:
    nudges = notify.nudges("test_channel", timeout=5)
    assert next(nudges) == ""  # looks once before it waits
    notify.publish("test_channel", "hello")
    assert next(nudges) == "hello"
    nudges.close()  # type: ignore[attr-defined]


def test_silence_is_a_nudge_too() -> None:
    nudges = notify.nudges("test_channel", timeout=0.05)
    assert [next(nudges) for _ in range(3)] == ["", "", ""]
    nudges.close()  # type: ignore[attr-defined]


def test_a_rolled_back_notification_is_never_heard() -> None:
    nudges = notify.nudges("test_channel", timeout=0.3)
    next(nudges)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        notify.publish("test_channel", "never")
        raise ZeroDivisionError
    assert next(nudges) == ""
    nudges.close()  # type: ignore[attr-defined]


def test_streams_of_one_loop_share_a_connection_and_hear_only_their_own() -> None:
    async def scene() -> list[str]:
        heard: list[str] = []

        async def follow(payload: str, times: int) -> None:
            async for _ in notify.changes("test_channel", payload, every=5):
                heard.append(payload)
                if heard.count(payload) == times:
                    return

        followers = [asyncio.create_task(follow("a", 3)), asyncio.create_task(follow("b", 2))]
        await asyncio.sleep(0.3)  # both have looked once, and once more when the connection stood
        await sync_to_async(notify.publish)("test_channel", "a")
        await asyncio.wait_for(asyncio.gather(*followers), timeout=10)
        return heard

    heard = asyncio.run(scene())
    assert heard.count("a") == 3
    assert heard.count("b") == 2

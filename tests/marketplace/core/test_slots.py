"""One at a time in the whole house."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from marketplace.core.slots import slot


def enter_elsewhere(name: str) -> bool:
    """Whether somebody on another connection gets in."""

    def enter() -> bool:
        try:
            with slot(name) as is_mine:
                return is_mine
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(enter).result()


@pytest.mark.django_db(transaction=True)
def test_one_is_within_at_a_time_and_the_next_comes_in_after() -> None:
    with slot("mails") as is_mine:
        assert is_mine
        assert not enter_elsewhere("mails")
        assert enter_elsewhere("webhooks")
    assert enter_elsewhere("mails")


@pytest.mark.django_db(transaction=True)
def test_an_error_within_leaves_it_free() -> None:
    with pytest.raises(ZeroDivisionError), slot("mails"):
        raise ZeroDivisionError
    assert enter_elsewhere("mails")

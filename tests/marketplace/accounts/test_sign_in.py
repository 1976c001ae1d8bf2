"""The token endpoint's door: wrong passwords, second factors, limits."""

import pytest

from marketplace.accounts.models import ApiToken
from tests.marketplace.accounts.people import (
    PASSWORD,
    member,
    sign_in,
    totp_code,
    with_recovery_codes,
    with_totp,
)

pytestmark = pytest.mark.django_db


def problem(**body: str) -> tuple[int, str]:
    """Try to sign in; the status and code of the refusal."""
    answer = sign_in(**body)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert not ApiToken.objects.exists()
    return answer.status_code, answer.json()["code"]


def test_a_wrong_password_and_an_unknown_address_are_answered_alike() -> None:
    user = member()
    wrong = sign_in(email=user.email, password="another-password")
    unknown = sign_in(email="nobody@example.com", password="another-password")
    assert wrong.json() == unknown.json()
    assert (wrong.status_code, wrong.json()["code"]) == (401, "invalid-credentials")
    assert wrong.headers["WWW-Authenticate"].startswith("Bearer")


def test_the_address_may_be_written_in_any_case() -> None:
    member(email="ada@example.com")
    assert sign_in(email="Ada@Example.COM", password=PASSWORD).status_code == 201


def test_an_unconfirmed_address_is_told_so_only_with_the_right_password() -> None:
    user = member(verified=False)
    assert problem(email=user.email, password="another-password") == (401, "invalid-credentials")
    assert problem(email=user.email, password=PASSWORD) == (403, "email-unverified")


def test_somebody_shut_out_is_refused() -> None:
    user = member(is_active=False)
    assert problem(email=user.email, password=PASSWORD) == (401, "invalid-credentials")


def test_a_stale_token_or_missing_field_does_not_break_signing_in() -> None:
    assert problem(email="no address", password="") == (422, "invalid-input")


def test_a_second_factor_is_asked_for_and_its_code_works_once() -> None:
    user = member()
    secret = with_totp(user)
    assert problem(email=user.email, password="another-password") == (401, "invalid-credentials")
    assert problem(email=user.email, password=PASSWORD) == (401, "mfa-required")
    assert problem(email=user.email, password=PASSWORD, code="not it") == (401, "mfa-code-wrong")
    code = totp_code(secret)
    assert sign_in(email=user.email, password=PASSWORD, code=code).status_code == 201
    again = sign_in(email=user.email, password=PASSWORD, code=code)
    assert (again.status_code, again.json()["code"]) == (401, "mfa-code-wrong")


def test_a_recovery_code_works_once() -> None:
    user = member()
    with_totp(user)
    code = with_recovery_codes(user)[0]
    assert sign_in(email=user.email, password=PASSWORD, code=code).status_code == 201
    assert sign_in(email=user.email, password=PASSWORD, code=code).json()["code"] == "mfa-code-wrong"


def test_guessing_a_second_factor_ends_soon() -> None:
    user = member()
    with_totp(user)
    answers = [sign_in(email=user.email, password=PASSWORD, code="x").json()["code"] for _ in range(6)]
    assert answers == ["mfa-code-wrong"] * 5 + ["too-many-attempts"]


def test_guessing_a_password_ends_soon_even_when_it_is_found() -> None:
    user = member()
    for _ in range(5):
        assert problem(email=user.email, password="another-password") == (401, "invalid-credentials")
    refused = sign_in(email=user.email, password=PASSWORD)
    assert (refused.status_code, refused.json()["code"]) == (429, "too-many-attempts")
    assert refused.headers["Retry-After"] == "300"


def test_ten_sign_ins_a_minute_are_enough() -> None:
    user = member()
    answers = [sign_in(email=user.email, password=PASSWORD) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [201] * 10 + [429]
    assert answers[-1].json()["code"] == "throttled"
    assert int(answers[-1].headers["Retry-After"]) > 0

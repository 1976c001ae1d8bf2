"""Stripe's errors, each with its HTTP status and the body that the SDK reads.

Problem
├── InvalidRequest        400  the call makes no sense in the present state
│   ├── ParameterProblem  400  a parameter is missing, unknown or malformed; found before anything ran
│   ├── ResourceMissing   404
│   └── UnexpectedState   400  the payment intent's status does not allow this
├── Unauthenticated       401
├── KeyForbidden          403  a publishable key where a secret one is needed
├── AccountForbidden      403  no such connected account, or no longer ours
├── CardProblem           402  the card was refused; what was written about the attempt stays
├── KeyMismatch           400  an idempotency key came back with another request
├── KeyInUse              409  an idempotency key whose first request still runs
├── RateLimited           429
└── ServerProblem         500
"""

from typing import Any, ClassVar

Body = dict[str, Any]


class Problem(Exception):
    """An answer in Stripe's error shape."""

    status: int = 400
    type: ClassVar[str] = "invalid_request_error"
    code: ClassVar[str | None] = None
    recorded: ClassVar[bool] = True
    """Whether the answer is kept under the idempotency key: only if the endpoint had begun to work."""
    keeps_writes: ClassVar[bool] = False

    def __init__(self, message: str, *, code: str | None = None, param: str | None = None, **extra: Any) -> None:
        super().__init__(message)
        self.message = message
        self.error_code = code or self.code
        self.param = param
        self.extra = extra

    def body(self) -> Body:
        """The JSON body: only the members that have something to say, as Stripe does."""
        error: Body = {"type": self.type, "message": self.message}
        if self.error_code:
            error["code"] = self.error_code
            error["doc_url"] = f"https://stripe.com/docs/error-codes/{self.error_code.replace('_', '-')}"
        if self.param:
            error["param"] = self.param
        error.update({name: value for name, value in self.extra.items() if value is not None})
        return {"error": error}


class InvalidRequest(Problem):
    """The call makes no sense in the present state of things."""


class ParameterProblem(InvalidRequest):
    """A parameter is missing, unknown or malformed; nothing has run, so nothing is kept under the key."""

    recorded = False


class ResourceMissing(InvalidRequest):
    """No object of that kind has this identifier."""

    status, code = 404, "resource_missing"


class UnexpectedState(InvalidRequest):
    """The payment intent's status does not allow what was asked."""

    code = "payment_intent_unexpected_state"


class Unauthenticated(Problem):
    """No key, or not ours."""

    status, recorded = 401, False


class KeyForbidden(Problem):
    """A publishable key may only act on a payment intent whose client secret it also shows."""

    status, code, recorded = 403, "secret_key_required", False


class AccountForbidden(Problem):
    """No connected account has this identifier; Stripe does not say whether another platform's has."""

    status, code = 403, "account_invalid"

    def __init__(self, account: str) -> None:
        super().__init__(
            f"The provided key does not have access to account '{account}' (or that account does not exist). "
            f"Application access may have been revoked."
        )


class CardProblem(Problem):
    """The card was refused. The failed charge and the intent's new status are kept."""

    status, type, keeps_writes = 402, "card_error", True


class KeyMismatch(Problem):
    """An idempotency key was used before, for something else."""

    type, recorded = "idempotency_error", False


class KeyInUse(Problem):
    """The first request with this idempotency key is still running."""

    status, type, code, recorded = 409, "idempotency_error", "idempotency_key_in_use", False


class RateLimited(Problem):
    """Too many requests; nothing ran."""

    status, code, recorded = 429, "rate_limit", False


class ServerProblem(Problem):
    """Something broke on Stripe's side, or was made to."""

    type = "api_error"

    def __init__(self, message: str, *, status: int = 500) -> None:
        super().__init__(message)
        self.status = status

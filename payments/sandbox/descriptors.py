"""What stands on the payer's card statement, and what may stand there."""

import re

from payments.sandbox.problems import ParameterProblem
from payments.sandbox.store import Document

_PREFIX = "ATELIER"
_LONGEST = 22
_FORBIDDEN = re.compile(r"""[<>\\'"*]""")


def check_descriptor(value: str | None, param: str) -> None:
    """Raise Stripe's refusal of a statement descriptor or suffix that no bank would print."""
    if value is None:
        return
    if len(value) > _LONGEST:
        raise ParameterProblem(
            f"The statement descriptor must be at most {_LONGEST} characters: {value}", code="invalid_characters",
            param=param,
        )  # fmt: skip
    if _FORBIDDEN.search(value) or not value.isprintable():
        raise ParameterProblem(
            "The statement descriptor cannot contain <, >, \\, ', \" or *.", code="invalid_characters", param=param
        )
    if not re.search("[A-Za-z]", value):
        raise ParameterProblem("The statement descriptor must contain at least one alphabetic character.", param=param)


def on_statement(intent: Document) -> str:
    """What the payer reads: the account's prefix and the payment's suffix, cut at 22 characters."""
    suffix = intent["statement_descriptor_suffix"]
    return f"{_PREFIX}* {suffix}".upper()[:_LONGEST] if suffix else intent["statement_descriptor"] or _PREFIX

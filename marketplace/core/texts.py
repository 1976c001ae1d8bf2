"""What is text in the API is sent as text: DRF's fields of text take a number for its digits, which no document says.

It is DRF's field itself that is told so, since serializers that are drawn from models take theirs from DRF's own table.
What comes from a form is text already.
"""

from typing import Any

from rest_framework.fields import CharField

_read = CharField.to_internal_value


def install() -> None:
    """Have every field of text of this process refuse what is none (`invalid`, 422)."""
    CharField.to_internal_value = _read_text  # type: ignore[method-assign,assignment]  # see above


def _read_text(field: CharField, data: Any) -> str:
    if not isinstance(data, str):
        field.fail("invalid")
    return _read(field, data)

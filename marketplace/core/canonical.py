"""JSON in one form only (RFC 8785, JCS): the same data gives the same bytes everywhere, so that it can be signed."""

import json
from decimal import Decimal
from math import isfinite
from typing import Any


def canonical(data: Any) -> bytes:
    """UTF-8 without spaces, names sorted by UTF-16 code units, numbers as ECMAScript writes them.

    Raises ValueError for numbers that JSON has not or that doubles cannot hold, TypeError for what JSON has not.
    """
    return _text(data).encode()


def _text(data: Any) -> str:
    if isinstance(data, dict):
        names = sorted(data, key=lambda name: str(name).encode("utf-16-be"))
        return "{" + ",".join(f"{_text(str(name))}:{_text(data[name])}" for name in names) + "}"
    if isinstance(data, list | tuple):
        return "[" + ",".join(_text(item) for item in data) + "]"
    if isinstance(data, bool) or data is None or isinstance(data, str):
        return json.dumps(data, ensure_ascii=False)
    if isinstance(data, int) and abs(data) < 2**53:
        return str(data)
    if isinstance(data, float | int):
        return _number(float(data), data)
    raise TypeError(f"{type(data).__name__} is not JSON")


def _number(number: float, given: float) -> str:
    """ECMAScript's Number::toString: the shortest digits that give the same double."""
    if not isfinite(number) or number != given:
        raise ValueError(f"{given} cannot be written exactly")
    if number == 0:
        return "0"
    sign, digits, exponent = Decimal(repr(number)).normalize().as_tuple()
    assert isinstance(exponent, int)  # it is finite
    text, point = "".join(map(str, digits)), len(digits) + exponent  # the point stands after so many digits
    if 0 < point <= 21:
        shown = text.ljust(point, "0") if point >= len(text) else f"{text[:point]}.{text[point:]}"
    elif -6 < point <= 0:
        shown = f"0.{'0' * -point}{text}"
    else:
        fraction = f".{text[1:]}" if len(text) > 1 else ""
        shown = f"{text[0]}{fraction}e{point - 1:+d}"
    return ("-" if sign else "") + shown

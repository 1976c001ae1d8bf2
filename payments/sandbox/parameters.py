"""Form-encoded nested parameters: decoding ``a[b][0]=c``, and reading them into checked Python values.

A *shape* maps each allowed name to a reader; anything else in the request is refused, as Stripe refuses it.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from payments.sandbox.problems import ParameterProblem

Raw = dict[str, Any]
Reader = Callable[[Any, str], Any]
Shape = Mapping[str, Reader]

_NAME = re.compile(r"^([^\[\]]+)((?:\[[^\[\]]*\])*)$")
_METADATA_KEYS, _METADATA_KEY_LENGTH, _METADATA_VALUE_LENGTH = 50, 40, 500


def decode(encoded: str) -> Raw:
    """Turn a form-encoded string into nested dictionaries; lists are dictionaries of their indexes until read."""
    tree: Raw = {}
    for name, value in parse_qsl(encoded, keep_blank_values=True):
        match = _NAME.match(name)
        if match is None:
            raise ParameterProblem(f"Invalid parameter name: {name}", param=name)
        steps = [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])]
        branch = tree
        for step in steps[:-1]:
            branch = branch.setdefault(step or str(len(branch)), {})
            if not isinstance(branch, dict):
                raise ParameterProblem(f"Invalid parameter: {name}", param=name)
        branch[steps[-1] or str(len(branch))] = value
    return tree


def read(raw: Raw, shape: Shape, *, required: Iterable[str] = (), inside: str = "") -> dict[str, Any]:
    """Check `raw` against `shape`; the result holds only the names that were sent."""
    for name in raw:
        if name not in shape:
            param = _inside(inside, name)
            raise ParameterProblem(f"Received unknown parameter: {param}", code="parameter_unknown", param=param)
    for name in required:
        if raw.get(name) in (None, ""):
            param = _inside(inside, name)
            raise ParameterProblem(f"Missing required param: {param}.", code="parameter_missing", param=param)
    return {name: shape[name](value, _inside(inside, name)) for name, value in raw.items()}


def text(value: Any, param: str) -> str | None:
    """A string; an empty one unsets the field."""
    return _string(value, param) or None


def whole(*, minimum: int = 0, maximum: int = 99_999_999) -> Reader:
    """A reader of integers between two bounds."""

    def reader(value: Any, param: str) -> int:
        written = _string(value, param)
        if not re.fullmatch(r"-?\d{1,18}", written):
            raise ParameterProblem(f"Invalid integer: {written}", code="parameter_invalid_integer", param=param)
        number = int(written)
        if number < minimum:
            raise ParameterProblem(
                f"This value must be greater than or equal to {minimum}.", code="parameter_invalid_integer", param=param
            )
        if number > maximum:
            raise ParameterProblem(
                f"This value must be less than or equal to {maximum}.", code="parameter_invalid_integer", param=param
            )
        return number

    return reader


def boolean(value: Any, param: str) -> bool:
    """``true`` or ``false``."""
    written = _string(value, param)
    if written not in ("true", "false"):
        raise ParameterProblem(f"Invalid boolean: {written}", param=param)
    return written == "true"


def choice(*allowed: str) -> Reader:
    """A reader of one of a few words."""

    def reader(value: Any, param: str) -> str:
        written = _string(value, param)
        if written not in allowed:
            words = ", ".join(allowed[:-1]) + f", or {allowed[-1]}" if len(allowed) > 1 else allowed[0]
            raise ParameterProblem(f"Invalid {param}: must be one of {words}", param=param)
        return written

    return reader


def choice_or_none(*allowed: str) -> Reader:
    """A reader of one of a few words, of which an empty one unsets the field."""
    reader = choice(*allowed)
    return lambda value, param: None if value == "" else reader(value, param)


def metadata(value: Any, param: str) -> dict[str, str]:
    """Key-value pairs within Stripe's bounds; an empty value means that the key goes."""
    if value == "":
        return {}
    pairs = _mapping(value, param)
    if len(pairs) > _METADATA_KEYS:
        raise ParameterProblem(f"Metadata can hold {_METADATA_KEYS} keys at most.", param=param)
    for key, entry in pairs.items():
        if len(key) > _METADATA_KEY_LENGTH or len(_string(entry, f"{param}[{key}]")) > _METADATA_VALUE_LENGTH:
            raise ParameterProblem(
                f"Metadata keys can have up to {_METADATA_KEY_LENGTH} characters and values up to "
                f"{_METADATA_VALUE_LENGTH}.",
                param=f"{param}[{key}]",
            )
    return pairs


def nested(shape: Shape, *, required: Iterable[str] = ()) -> Reader:
    """A reader of parameters inside parameters."""

    def reader(value: Any, param: str) -> dict[str, Any]:
        return read(_mapping(value, param), shape, required=required, inside=param)

    return reader


def array(of: Reader) -> Reader:
    """A reader of lists, sent as ``a[]=`` or ``a[0]=``."""

    def reader(value: Any, param: str) -> list[Any]:
        if value == "":
            return []
        entries = _mapping(value, param)
        if not all(index.isdigit() for index in entries):
            raise ParameterProblem("Invalid array", param=param)
        return [of(entries[index], f"{param}[{index}]") for index in sorted(entries, key=int)]

    return reader


def moment(value: Any, param: str) -> dict[str, int]:
    """A time filter: a Unix time, or bounds named gt, gte, lt, lte."""
    bound = whole(maximum=10**12)
    if isinstance(value, dict):
        return read(value, dict.fromkeys(("gt", "gte", "lt", "lte"), bound), inside=param)
    return {"gte": bound(value, param), "lte": bound(value, param)}


def merge_metadata(current: dict[str, str], sent: dict[str, str]) -> dict[str, str]:
    """The metadata after an update: sent keys replace, empty values remove."""
    return {key: value for key, value in {**current, **sent}.items() if value != ""}


def _inside(parent: str, name: str) -> str:
    return f"{parent}[{name}]" if parent else name


def _string(value: Any, param: str) -> str:
    if not isinstance(value, str):
        raise ParameterProblem("Invalid string: expected a single value", param=param)
    return value


def _mapping(value: Any, param: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ParameterProblem("Invalid object", param=param)
    return value

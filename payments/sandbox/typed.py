"""The stripe SDK's own typed parameters, read by introspection: what Stripe would take, and of which type.

The SDK's `TypedDict`s are generated from Stripe's specification, so a parameter that they do not know, that has another
type or that is missing is refused here as Stripe would refuse it, and an upgrade of the SDK moves the check along.
Where the SDK writes ``Literal['card', 'fpx'] | str`` (open for later versions), the literal's words are what is taken.
"""

import typing
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import stripe.params
from stripe._request_options import RequestOptions
from typing_extensions import is_typeddict

from payments.sandbox.parameters import Reader, Shape, array, boolean, choice, metadata, read, text, whole
from payments.sandbox.problems import ParameterProblem

_EVERYWHERE = {"expand", *RequestOptions.__annotations__}
# Names that the SDK's modules leave to type checkers.
_NAMES = {**vars(typing), "StripeContext": object, "Mapping": Mapping}
_LARGEST = 10**15


@dataclass(frozen=True)
class Spec:
    """What one call or one nested parameter takes."""

    shape: Shape
    required: tuple[str, ...]


@cache
def spec(name: str) -> Spec:
    """The parameters called ``TransferCreateParams`` or ``tax.CalculationCreateParams`` in `stripe.params`."""
    package, _, plain = name.rpartition(".")
    module = import_module(f"stripe.params.{package}") if package else stripe.params
    whole_call = _spec_of(getattr(module, plain))
    shape = {sent: reader for sent, reader in whole_call.shape.items() if sent not in _EVERYWHERE}
    return Spec(shape, tuple(sent for sent in whole_call.required if sent not in _EVERYWHERE))


def check(raw: dict[str, Any], wanted: Spec) -> None:
    """Raise Stripe's refusal unless Stripe would take these parameters."""
    read(raw, wanted.shape, required=wanted.required)


@cache
def _spec_of(kind: Any) -> Spec:
    hints = get_type_hints(kind, localns=_NAMES)
    shape = {_sent_as(name): _lazy(hint, name) for name, hint in hints.items()}
    return Spec(shape, tuple(sorted(map(_sent_as, kind.__required_keys__))))


def _sent_as(name: str) -> str:
    """Python's reserved words cannot be the names of a class's members."""
    return name.removesuffix("_")


def _lazy(hint: Any, name: str) -> Reader:
    made: list[Reader] = []

    def reader(value: Any, param: str) -> Any:
        if not made:
            made.append(_reader(hint, name))
        return made[0](value, param)

    return reader


def _reader(hint: Any, name: str) -> Reader:
    if hint is str:
        return text
    if hint is bool:
        return boolean
    if hint is int:
        return whole(minimum=-_LARGEST, maximum=_LARGEST)
    if hint is float:
        return _number
    if is_typeddict(hint):
        return _nested(hint)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return choice(*map(str, arguments))
    if origin is list:
        return array(_reader(arguments[0], name))
    if origin is dict:
        return metadata
    if origin in (Union, UnionType):
        return _union(arguments, name)
    raise TypeError(f"The SDK's type {hint!r} of {name} has no reader.")


def _union(arguments: tuple[Any, ...], name: str) -> Reader:
    kinds = [kind for kind in arguments if kind is not type(None)]
    words = [str(word) for kind in kinds if get_origin(kind) is Literal for word in get_args(kind)]
    named = [word for word in words if word]
    single = [_reader(kind, name) for kind in kinds if kind in (int, bool, float) or (kind is str and not named)]
    single = ([choice(*named)] if named else []) + single
    whole_ones = [_reader(kind, name) for kind in kinds if is_typeddict(kind) or get_origin(kind) in (list, dict)]

    def reader(value: Any, param: str) -> Any:
        if value == "" and "" in words:
            return ""
        candidates = whole_ones if isinstance(value, dict) and whole_ones else single or whole_ones
        return _first_that_takes(candidates, value, param)

    return reader


def _first_that_takes(candidates: list[Reader], value: Any, param: str) -> Any:
    refusal: ParameterProblem | None = None
    for candidate in candidates:
        try:
            return candidate(value, param)
        except ParameterProblem as problem:
            refusal = problem if refusal is None else refusal
    assert refusal is not None
    raise refusal


def _nested(kind: Any) -> Reader:
    def reader(value: Any, param: str) -> dict[str, Any]:
        wanted = _spec_of(kind)
        if not isinstance(value, dict):
            raise ParameterProblem("Invalid object", param=param)
        return read(value, wanted.shape, required=wanted.required, inside=param)

    return reader


def _number(value: Any, param: str) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise ParameterProblem(f"Invalid number: {value}", param=param) from None

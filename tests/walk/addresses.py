"""What the resolver knows: every address of API and pages, and the methods that it takes."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

# The schema is the same for everybody, and takes seconds to draw: `make check` does.
LEFT_OUT = ("admin/", "_allauth/", "api/v1/schema/")
ALLAUTH = "allauth."
BOTH = ("GET", "POST")  # what a page is asked by that does not say what it takes
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_PART = re.compile(r"<(?:\w+:)?(\w+)>")
_EXPRESSION = re.compile(r"\(\?P<(\w+)>[^)]*\)")  # a part as patterns name it that are regular expressions


@dataclass(frozen=True)
class Address:
    """One address with names where things are named, as `/works/<artwork_id>/`."""

    path: str
    name: str
    methods: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """What it names, in order."""
        return tuple(_PART.findall(self.path))

    @property
    def is_api(self) -> bool:
        return self.path.startswith("/api/")

    def labelled(self, label: str) -> str:
        """The path with its own thing's name in place of the id, and short names of the parts."""
        first = _PART.sub(lambda part: "{" + label + "}", self.path, count=1) if label else self.path
        return _PART.sub(lambda part: "{" + part[1].removesuffix("_id") + "}", first)

    def filled(self, values: dict[str, str]) -> str:
        """The path to one thing."""
        return _PART.sub(lambda part: values[part[1]], self.path)


def all_addresses() -> list[Address]:
    """Every address but those of the administration and of allauth, in the resolver's order."""
    found: dict[str, Address] = {}
    for path, pattern in _walk(get_resolver(), ""):
        if path.startswith(LEFT_OUT) or pattern.callback.__module__.startswith(ALLAUTH):
            continue
        address = Address("/" + path, pattern.name or path, methods_of(pattern.callback))
        found.setdefault(address.path, address)
    return list(found.values())


def _walk(resolver: URLResolver, before: str) -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        path = before + _EXPRESSION.sub(r"<\1>", str(entry.pattern)).strip("^$").replace("\\.", ".")
        if isinstance(entry, URLResolver):
            yield from _walk(entry, path)
        else:
            yield path, entry


def methods_of(view: Callable[..., Any]) -> tuple[str, ...]:
    """The methods that a view answers: those that its class has, or that its decorators let through."""
    kind = getattr(view, "cls", None) or getattr(view, "view_class", None)
    if kind is not None:
        return tuple(m for m in METHODS if m.lower() in kind.http_method_names and hasattr(kind, m.lower()))
    return _let_through(view) or BOTH


def _let_through(view: Callable[..., Any] | None) -> tuple[str, ...]:
    while view is not None:
        closure = dict(zip(view.__code__.co_freevars, view.__closure__ or (), strict=True))
        if "request_method_list" in closure:
            allowed = closure["request_method_list"].cell_contents
            return tuple(m for m in METHODS if m in allowed)
        view = getattr(view, "__wrapped__", None)
    return ()

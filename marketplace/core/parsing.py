"""What is sent is text that PostgreSQL can keep, or it is not looked at: no NUL characters, no halves of characters."""

from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from typing import IO, Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.utils.translation import gettext
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from marketplace.core.problems import bad_request

Next = Callable[[HttpRequest], HttpResponseBase]


class TextParser(JSONParser):
    """JSON whose strings can all be kept; ParseError (400) otherwise."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        try:
            parsed = super().parse(stream, media_type, dict(parser_context or {}))
        except RecursionError as error:
            raise ParseError(gettext("This is nested too deeply.")) from error
        if not all(map(is_text, _strings(parsed))):
            raise ParseError(gettext("Text has a NUL character, or half of a character, in it."))
        return parsed


class NothingButText:
    """Answers 400 where an address or a form has a NUL character in it: browsers send none."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """A page's form was read by now, for its token; what the API is sent its parser reads."""
        given = [value for value in kwargs.values() if isinstance(value, str)]
        forms = [request.GET] if request.path.startswith("/api/") else [request.GET, request.POST]
        if not all(map(is_text, chain(given, *map(_words, forms)))):
            return bad_request(request)
        return None


def is_text(words: str) -> bool:
    """Can PostgreSQL keep it?"""
    try:
        words.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in words


def _words(form: QueryDict) -> Iterable[str]:
    for name, values in form.lists():
        yield name
        yield from (value for value in values if isinstance(value, str))


def _strings(parsed: Any) -> Iterable[str]:
    """Every string in what JSON said, the names of its members among them."""
    waiting = [parsed]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            yield from one
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)

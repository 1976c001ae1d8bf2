"""The languages of the house: which one answers a request, and in which a person is written to.

A request is answered in the language that its address asks for (`?lang=zh-hans`, what search engines index), else in
the one that the browser was told to keep (a cookie), else in the one that it prefers (Accept-Language). Programs have
no cookies: the API knows Accept-Language alone, so that shared caches keep one answer a language and not one a visitor.
Why the language is no part of every address: docs/decisions/0008-languages.md.
"""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cache, lru_cache
from typing import TYPE_CHECKING, TypeAlias

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise, lazy
from django.utils.translation import trans_real
from django.utils.translation.trans_real import parse_accept_lang_header

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

    Text: TypeAlias = _StrOrPromise
else:
    Text = str | Promise  # what may be said later, in the language of who reads it

PARAMETER = "lang"
KEPT = "kept"  # the context in catalogues of texts that have values, and are kept with them
KEEP = "language_to_keep"  # set on a request whose answer is to tell the browser


def known_language(code: str) -> str:
    """The language of the house that `code` means (`zh-CN` means `zh-hans`), or "" where it speaks none such."""
    try:
        return translation.get_supported_language_variant(code.lower()) if code else ""
    except LookupError:
        return ""


def to_bcp47(code: str) -> str:
    """A language as HTML, PDF and HTTP write it: zh-Hans."""
    first, _, rest = code.partition("-")
    return f"{first}-{rest.title() if len(rest) == 4 else rest.upper()}" if rest else first


def in_both(say: Callable[[], str]) -> list[str]:
    """What `say` says in the language that is spoken, and where that is another in English too: offices read papers."""
    here = say()
    with translation.override(settings.LANGUAGE_CODE):
        there = say()
    return list(dict.fromkeys([here, there]))


def speaking(language: str) -> AbstractContextManager[None]:
    """Within it everything is said in `language`; the house's own where a person has none."""
    return translation.override(known_language(language) or settings.LANGUAGE_CODE)


def kept(text: str) -> str:
    """Mark a text that is kept in English, in a row or by an engine, and is said by `translated` to whoever reads it.

    It may be an f-string: its values are found again in what was kept.
    """
    return text


@lru_cache(maxsize=4096)
def _said(text: str, language: str) -> str:
    said = translation.gettext(text)
    if said != text:
        return said
    for pattern, translation_of_it in _patterns(language):
        if found := pattern.fullmatch(text):
            return translation_of_it.format(*(_said(value, language) if value else "" for value in found.groups()))
    return text


def translated(text: str) -> str:
    """A text that is kept in English (a reason, a licence, an engine's sentence), as its reader says it.

    What is in no catalogue, such as what people wrote, stays as it is.
    """
    return _said(text, translation.get_language() or settings.LANGUAGE_CODE) if text else ""


translated_lazily: Callable[[str], str] = lazy(translated, str)


@cache
def _patterns(language: str) -> list[tuple[re.Pattern[str], str]]:
    """The kept texts that have values, the longest first, so that none is taken for one that says less."""
    catalogue = trans_real.translation(language)._catalog  # type: ignore[attr-defined]  # no other way
    found = {key.partition("\4")[2]: said for key, said in catalogue.items() if str(key).startswith(f"{KEPT}\4")}
    patterns = []
    for text in sorted(found, key=len, reverse=True):
        parts = (re.escape(part) for part in re.split(r"\{\d+\}", text))
        patterns.append((re.compile("(.*?)".join(parts), re.DOTALL), found[text]))
    return patterns


class LanguageMiddleware(LocaleMiddleware):
    """Chooses the language of a request, and tells caches and browsers which it was."""

    def process_request(self, request: HttpRequest) -> None:
        language = _language_of(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        patch_vary_headers(response, ["Accept-Language"] if _is_program(request) else ["Accept-Language", "Cookie"])
        response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        if language := getattr(request, KEEP, ""):
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME, language, max_age=settings.LANGUAGE_COOKIE_AGE,
                secure=settings.LANGUAGE_COOKIE_SECURE, samesite="Lax", httponly=True,
            )  # fmt: skip
        return response


def _is_program(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")


def _language_of(request: HttpRequest) -> str:
    if language := known_language(request.GET.get(PARAMETER, "")):
        return language
    kept = "" if _is_program(request) else request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return known_language(kept) or _preferred(request.headers.get("Accept-Language", ""))


def _preferred(header: str) -> str:
    known = (known_language(code) for code, _ in parse_accept_lang_header(header) if code != "*")
    return next((code for code in known if code), settings.LANGUAGE_CODE)

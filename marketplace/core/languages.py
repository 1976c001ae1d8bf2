"""The languages of the house: which one answers a request, and in which a person is written to.

A request is answered in the language that its address asks for (`?lang=zh-hans`, what search engines index), else in
the one that the browser was told to keep (a cookie), else in the one that it prefers (Accept-Language). Programs have
no cookies: the API knows Accept-Language alone, so that shared caches keep one answer a language and not one a visitor.
Why the language is no part of every address: docs/decisions/0008-languages.md.
"""

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, TypeAlias

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django.utils.translation.trans_real import parse_accept_lang_header

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

    Text: TypeAlias = _StrOrPromise
else:
    Text = str | Promise  # what may be said later, in the language of who reads it

PARAMETER = "lang"
KEEP = "language_to_keep"  # set on a request whose answer is to tell the browser


def known_language(code: str) -> str:
    """The language of the house that `code` means (`zh-CN` means `zh-hans`), or "" where it speaks none such."""
    try:
        return translation.get_supported_language_variant(code.lower()) if code else ""
    except LookupError:
        return ""


def speaking(language: str) -> AbstractContextManager[None]:
    """Within it everything is said in `language`; the house's own where a person has none."""
    return translation.override(known_language(language) or settings.LANGUAGE_CODE)


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

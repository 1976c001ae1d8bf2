"""Choosing the language that one reads the house in, and the words that scripts say in it."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe
from django.views.i18n import JavaScriptCatalog

from marketplace.accounts import services as accounts
from marketplace.accounts.models import User
from marketplace.core import languages

WORDS_LIVE_SECONDS = 3600


@require_safe
def choose(request: HttpRequest, language: str) -> HttpResponse:
    """Keep a language, with the browser and with the account of who is signed in, and go back to the page.

    A link and no form: it changes nothing that anybody could be harmed by, and public pages stay free of form tokens.
    """
    _check(language)
    setattr(request, languages.KEEP, language)
    if isinstance(request.user, User):
        accounts.choose_language(user=request.user, language=language)
    back = request.GET.get("next", "/")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return HttpResponseRedirect(back if is_ours else "/")


@require_safe
def words(request: HttpRequest, language: str) -> HttpResponseBase:
    """What the scripts say, as `gettext("…")` of theirs looks it up."""
    _check(language)
    with languages.speaking(language):
        response = JavaScriptCatalog.as_view()(request, packages=None)
    patch_cache_control(response, public=True, max_age=WORDS_LIVE_SECONDS)
    return response


def _check(language: str) -> None:
    if language not in dict(settings.LANGUAGES):
        raise Http404

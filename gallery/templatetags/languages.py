"""The languages of a page: its own, the ones it is to be had in as well, and the way from one to another."""

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from marketplace.core.languages import PARAMETER, to_bcp47, translated

register = template.Library()


@register.filter
def language_tag(code: str) -> str:
    """The language as `lang` and `hreflang` want it: zh-Hans."""
    return to_bcp47(code)


@register.filter
def said(text: str | None) -> str:
    """What the house keeps in English (a reason, a stage of work, a style's name), as its reader says it."""
    return translated(text or "")


@register.simple_tag(takes_context=True)
def alternates(context: template.RequestContext) -> SafeString:
    """Where search engines find this page in each language; nothing where a page was not asked for."""
    request = context.get("request")
    if not isinstance(request, HttpRequest) or request.method != "GET":
        return SafeString("")
    links = [(to_bcp47(code), _in_language(request, code)) for code, _ in settings.LANGUAGES]
    links.append(("x-default", _in_language(request, "")))
    return format_html_join("\n  ", '<link rel="alternate" hreflang="{}" href="{}">', links)


@register.simple_tag(takes_context=True)
def language_switch(context: template.RequestContext) -> SafeString:
    """Every language by its own name; a link each, so that it works without scripts and forms."""
    request = context.get("request")
    if not isinstance(request, HttpRequest):
        return SafeString("")
    here = _in_language(request, "", is_absolute=False) if request.method == "GET" else "/"
    ways = [
        _way(code, name, here, is_current=code == context.get("LANGUAGE_CODE")) for code, name in settings.LANGUAGES
    ]
    links = format_html_join(" ", "{}", ((way,) for way in ways))
    return format_html('<span class="languages" role="group" aria-label="{}">{}</span>', gettext("Language"), links)


def _way(code: str, name: str, here: str, *, is_current: bool) -> SafeString:
    if is_current:
        return format_html('<span lang="{}">{}</span>', to_bcp47(code), name)
    address = f"{reverse('language', args=[code])}?{urlencode({'next': here})}"
    return format_html(
        '<a href="{}" hreflang="{}" lang="{}" rel="nofollow">{}</a>', address, to_bcp47(code), to_bcp47(code), name
    )


def _in_language(request: HttpRequest, code: str, *, is_absolute: bool = True) -> str:
    query = request.GET.copy()
    query.pop(PARAMETER, None)
    if code:
        query[PARAMETER] = code
    path = request.path + (f"?{query.urlencode()}" if query else "")
    return settings.ATELIER.public_url.rstrip("/") + path if is_absolute else path

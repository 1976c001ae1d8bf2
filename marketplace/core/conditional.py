"""Answers that were not changed are not sent again: every page and every answer of the API has an ETag."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.http import ConditionalGetMiddleware
from django.utils.cache import patch_vary_headers

ASK_AGAIN = "private, no-cache"  # kept by its reader alone, who asks each time whether it still holds


class ConditionalAnswers(ConditionalGetMiddleware):
    """Answers say how long they may be kept, carry an ETag of what was drawn, and are told as 304 to who has them.

    What a view says itself stays. An answer that sets a cookie is for whoever is given it, so no cache in between may
    keep it; one that is public differs by what chose its words. It stands outside of whatever sets cookies. Streams
    have no ETag, and what must not be stored needs none.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if request.method in {"GET", "HEAD"} and response.status_code == 200 and not response.streaming:
            said = response.headers.get("Cache-Control", ASK_AGAIN)
            is_kept = "s-maxage" in said  # between here and its readers
            response.headers["Cache-Control"] = ASK_AGAIN if is_kept and response.cookies else said
            if is_kept and not response.has_header("ETag"):  # else it said already by what it differs
                patch_vary_headers(response, ["Accept-Language", "Authorization", "Cookie", "HX-Request"])
        return super().process_response(request, response)

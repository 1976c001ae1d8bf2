"""How often one may ask."""

from typing import TYPE_CHECKING

from rest_framework.throttling import UserRateThrottle

if TYPE_CHECKING:  # views name their throttles as they are imported
    from rest_framework.request import Request
    from rest_framework.views import APIView


class PersonRateThrottle(UserRateThrottle):
    """A limit for each person who is signed in; whoever is not is counted by address alone, and once.

    REST Framework's own counts them here too, which costs a look into Redis and back for every public read.
    """

    def get_cache_key(self, request: "Request", view: "APIView") -> str | None:
        """Under which a request is counted; None: not here."""
        return super().get_cache_key(request, view) if request.user and request.user.is_authenticated else None

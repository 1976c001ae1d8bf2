"""The OpenAPI document: every operation also names the problem details (RFC 9457) that it may answer."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework.permissions import SAFE_METHODS

from marketplace.core.problems import MEDIA_TYPE

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "code": {"type": "string"},
        "errors": {"type": "object", "additionalProperties": True},
    },
}
_RETRY = {"Retry-After": {"description": "Seconds.", "required": True, "schema": {"type": "integer", "minimum": 1}}}
_CHALLENGE = {"WWW-Authenticate": {"description": "Bearer.", "required": True, "schema": {"type": "string"}}}
PAYS = {"POST": {"402", "502"}}  # what a view that asks the payment provider also answers
# By status: the component's name, what it means, and the headers that come along.
_PROBLEMS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "400": ("BadRequest", "The request cannot be read.", {}),
    "401": ("Unauthorized", "Nobody is signed in, or the token is unknown, expired or revoked.", _CHALLENGE),
    "402": ("PaymentRequired", "The payment was declined; nothing was charged.", {}),
    "403": ("Forbidden", "You, or this token, may not do this.", {}),
    "404": ("NotFound", "No such thing, or none that you may see.", {}),
    "409": ("Conflict", "Not possible in the present state.", {}),
    "415": ("UnsupportedMediaType", "The body is not of a type that is read here.", {}),
    "422": ("InvalidInput", "Something that was sent does not make sense; `errors` names the fields.", {}),
    "429": ("TooManyRequests", "Too often: wait as long as it says.", _RETRY),
    "502": ("BadGateway", "The payment provider refuses to do this.", {}),
    "503": ("Unavailable", "A part of the house does not answer; nothing was lost.", _RETRY),
}


def with_problems(result: dict[str, Any], **given: Any) -> dict[str, Any]:
    """The document with the problems that its operations name; drf-spectacular's postprocessing calls this."""
    components = result["components"]
    components["schemas"]["Problem"] = PROBLEM
    components["responses"] = {
        name: {
            "description": meaning,
            **({"headers": headers} if headers else {}),
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for name, meaning, headers in _PROBLEMS.values()
    }
    return result


class Schema(AutoSchema):
    """Adds the problems that an operation may answer, and the Idempotency-Key header where a method honours it.

    What does not follow from what an operation takes, its view says: `also_answers = PAYS`, or such.
    """

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if operation is not None:
            for status in sorted(self._problems_of(operation)):
                named = {"$ref": f"#/components/responses/{_PROBLEMS[status][0]}"}
                operation["responses"].setdefault(status, named)
        return operation

    def _problems_of(self, operation: dict[str, Any]) -> set[str]:
        """The statuses that follow from what an operation takes, and from whom."""
        places = {parameter["in"] for parameter in operation.get("parameters", [])}
        is_safe, takes_body = self.method in SAFE_METHODS, "requestBody" in operation
        is_for_all = is_safe and getattr(self.view, "is_public", False)
        asks_who = bool(self.view.authentication_classes)
        applies = {
            "400": takes_body or bool(places - {"path"}),
            "401": asks_who,
            "403": asks_who and not is_for_all,
            "404": "path" in places or not is_safe,
            "409": not is_safe,
            "415": takes_body,
            "422": takes_body or bool(places - {"path"}),
            "429": bool(self.view.throttle_classes),
            "503": True,
        }
        besides: set[str] = getattr(self.view, "also_answers", {}).get(self.method, set())
        return {status for status, does in applies.items() if does} | besides

    def get_override_parameters(self) -> list[Any]:
        parameters: list[Any] = list(super().get_override_parameters())
        if getattr(getattr(self.view, self.method.lower(), None), "honours_idempotency_key", False):
            parameters.append(
                OpenApiParameter(
                    "Idempotency-Key",
                    str,
                    OpenApiParameter.HEADER,
                    description="1 to 200 characters of your choice; the same request with the same key is done once.",
                )
            )
        return parameters

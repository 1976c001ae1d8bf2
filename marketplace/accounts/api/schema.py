"""Tells the OpenAPI document how programs say who they are."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema


class BearerToken(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers its subclasses untyped
    """`Authorization: Bearer atl_…`."""

    target_class = "marketplace.accounts.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A token from POST /api/v1/auth/token/."}


class SessionToken(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers its subclasses untyped
    """`X-Session-Token`, as the headless sign-in hands it out."""

    target_class = "allauth.headless.contrib.rest_framework.authentication.XSessionTokenAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "X-Session-Token",
            "description": "The session of an app that signed in at /_allauth/app/v1/auth/login.",
        }

"""What goes in and out of the accounts API; inputs and outputs apart."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from marketplace.accounts.models import SCOPES, ApiToken, Artist, User


class SignIn(serializers.Serializer[Any]):
    """An address and a password, and what the token is to be."""

    email = serializers.EmailField(max_length=254)
    password = serializers.CharField(max_length=1000, trim_whitespace=False, style={"input_type": "password"})
    code = serializers.CharField(
        max_length=20, required=False, default="", allow_blank=True,
        help_text="Where the account has a second factor: from the authenticator app, or a recovery code.",
    )  # fmt: skip
    name = serializers.CharField(
        max_length=80, required=False, default="API token", help_text="To recognise the token by."
    )
    scopes = serializers.ListField(
        child=serializers.ChoiceField(choices=list(SCOPES.items())), required=False, allow_empty=False,
        help_text="What the token may do; without it, all that you may give.",
    )  # fmt: skip
    expires_in_days = serializers.IntegerField(
        min_value=1, max_value=3650, required=False, allow_null=True, default=None,
        help_text="Without it, the token lives until it is revoked.",
    )  # fmt: skip


class TokenOut(serializers.ModelSerializer[ApiToken]):
    """A token, without its secret."""

    scopes = serializers.ListField(child=serializers.ChoiceField(choices=list(SCOPES.items())), read_only=True)

    class Meta:
        model = ApiToken
        fields = ["id", "name", "prefix", "scopes", "created_at", "expires_at", "last_used_at"]
        read_only_fields = fields


class NewTokenOut(TokenOut):
    """A token that was just made: the one time that its secret is shown."""

    token = serializers.SerializerMethodField(
        help_text="Send it as `Authorization: Bearer …`; it is never shown again."
    )

    class Meta(TokenOut.Meta):
        fields = ["token", *TokenOut.Meta.fields]
        read_only_fields = fields

    def get_token(self, token: ApiToken) -> str:
        secret: str = self.context["secret"]
        return secret


class ArtistOut(serializers.ModelSerializer[Artist]):
    """An artist's public profile."""

    class Meta:
        model = Artist
        fields = ["id", "slug", "name", "bio", "links", "state", "created_at"]
        read_only_fields = fields


class ChangeMe(serializers.Serializer[Any]):
    """The name that others see, and where you are taxed."""

    display_name = serializers.CharField(max_length=80, required=False, allow_blank=True)
    tax_country = serializers.CharField(
        max_length=2, required=False, allow_blank=True, help_text="Where you are taxed: ISO 3166, two letters."
    )
    language = serializers.ChoiceField(
        choices=settings.LANGUAGES, required=False, allow_blank=True, help_text="The language you are written to in."
    )


class MeOut(serializers.ModelSerializer[User]):
    """Yourself."""

    name = serializers.CharField(read_only=True, help_text="What others see.")
    is_curator = serializers.BooleanField(read_only=True)
    artist = serializers.SerializerMethodField()
    scopes = serializers.SerializerMethodField(help_text="What this very request may do.")

    class Meta:
        model = User
        fields = [
            "id", "email", "name", "display_name", "tax_country", "language", "is_curator", "artist", "scopes",
            "date_joined",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(ArtistOut(allow_null=True))
    def get_artist(self, user: User) -> Any:
        artist = self.context["artist"]
        return ArtistOut(artist).data if artist else None

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=list(SCOPES.items()))))
    def get_scopes(self, user: User) -> list[str]:
        scopes: list[str] = self.context["scopes"]
        return scopes

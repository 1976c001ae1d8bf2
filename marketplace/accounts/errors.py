"""What can go wrong with people and their keys.

AtelierError
├── InvalidCredentials   401  wrong address or password: never says which
├── EmailUnverified      403  the address was not confirmed yet
├── MfaRequired          401  the account has a second factor: send `code` too
├── MfaCodeWrong         401
├── TooManyAttempts      429  wait before trying again
├── ScopeRefused         403  a scope that this person may not give to a token
├── DemoOnly             403
├── AlreadyArtist        409
├── NotAnArtist          403  only approved artists publish and sell: apply first
│   └── ArtistSuspended  403  the house has suspended this artist
└── SlugTaken            409  another artist has this address already
"""

from marketplace.core.errors import AtelierError, Conflict, PermissionRefused


class InvalidCredentials(AtelierError):
    """The e-mail address or the password is wrong."""

    code, title, status = "invalid-credentials", "The e-mail address or the password is wrong", 401


class EmailUnverified(AtelierError):
    """The password is right, but the e-mail address was not confirmed; the link in our mail does that."""

    code, title, status = "email-unverified", "The e-mail address is not confirmed", 403


class MfaRequired(AtelierError):
    """The password is right, but the account has a second factor: send its `code` too."""

    code, title, status = "mfa-required", "A second factor is needed", 401


class MfaCodeWrong(AtelierError):
    """The code of the second factor is wrong or was used before."""

    code, title, status = "mfa-code-wrong", "The code is wrong", 401


class TooManyAttempts(AtelierError):
    """Too many wrong passwords or codes; the account waits for some minutes."""

    code, title, status = "too-many-attempts", "Too many attempts", 429


class ScopeRefused(PermissionRefused):
    """You may not give this scope to a token: `publish` is for artists, `curate` for curators."""

    code, title = "scope-refused", "This scope is not yours to give"


class DemoOnly(PermissionRefused):
    """Demo accounts exist only in a house that was started as a demo."""

    code, title = "demo-only", "Only for the demo"


class AlreadyArtist(Conflict):
    """You have an artist's profile already."""

    code, title = "already-artist", "You are an artist already"


class SlugTaken(Conflict):
    """Another artist has this address already."""

    code, title = "slug-taken", "This address is taken"


class NotAnArtist(PermissionRefused):
    """Publishing and selling is for artists whose application was approved: apply at /accounts/artist/."""

    code, title = "not-an-artist", "Only approved artists may do this"


class ArtistSuspended(NotAnArtist):
    """The house has suspended this artist: nothing new is published or sold until they are reinstated."""

    code, title = "artist-suspended", "This artist is suspended"

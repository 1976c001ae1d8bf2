"""The language that a person is written to in: e-mails, notifications, papers."""

from django.conf import settings

from marketplace.accounts.models import User


def choose_language(*, user: User, language: str) -> None:
    """Keep `language` as theirs. Raises ValueError for one that the house does not speak."""
    if language not in dict(settings.LANGUAGES):
        raise ValueError(f"{language!r} is no language of the house")
    if user.language != language:
        user.language = language
        user.save(update_fields=["language"])

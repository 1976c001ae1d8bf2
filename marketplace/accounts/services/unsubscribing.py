"""The link in each mail by which its group is silenced without signing in (RFC 8058, one click)."""

from uuid import UUID

from django.core import signing
from django.utils.translation import gettext

from marketplace.accounts.models import User
from marketplace.accounts.services.reading_notifications import choose_emails
from marketplace.core.errors import NotFound

_signer = signing.Signer(salt="accounts.unsubscribe")


def unsubscribe_token(*, person_id: UUID, group: str) -> str:
    """What stands in the link: it silences one group of one person, and does nothing else. It does not expire."""
    return _signer.sign_object([str(person_id), group], compress=False)


def read_unsubscribe_token(*, token: str) -> tuple[User, str]:
    """Whose group a link silences. Raises NotFound."""
    try:
        person_id, group = _signer.unsign_object(token)
        return User.objects.get(pk=person_id), group
    except (signing.BadSignature, User.DoesNotExist, ValueError) as error:
        raise NotFound(gettext("This link is not one of ours.")) from error


def unsubscribe(*, token: str) -> None:
    """Silence the group that a link names. Raises NotFound, InvalidInput, Conflict."""
    person, group = read_unsubscribe_token(token=token)
    choose_emails(person=person, group=group, wanted=False)

"""People, their roles and their keys."""

from typing import TYPE_CHECKING, Any

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate
from django.http import HttpRequest
from django.utils.translation import get_language

from marketplace.core import languages

if TYPE_CHECKING:
    from marketplace.accounts.models import User

HOUSE = {"marketplace", "generation", "payments", "gallery"}


class AccountsConfig(AppConfig):
    name = "marketplace.accounts"

    def ready(self) -> None:
        from allauth.account.signals import user_logged_in, user_signed_up

        from marketplace.accounts.api import schema  # noqa: F401  # registers itself with drf-spectacular

        user_logged_in.connect(_keep_language, dispatch_uid="accounts.keep_language")
        user_signed_up.connect(_learn_language, dispatch_uid="accounts.learn_language")
        post_migrate.connect(_equip_curators, dispatch_uid="accounts.equip_curators")


def _equip_curators(sender: AppConfig, **kwargs: Any) -> None:
    # Django makes an app's permissions after its migrations, so no migration could grant them.
    from marketplace.accounts import services

    if sender.name.split(".", 1)[0] in HOUSE:
        services.equip_curators(app_label=sender.label)


def _keep_language(sender: object, request: HttpRequest, user: "User", **kwargs: Any) -> None:
    # Whoever signs in on another machine reads on in their own language.
    if user.language:
        setattr(request, languages.KEEP, user.language)


def _learn_language(sender: object, request: HttpRequest, user: "User", **kwargs: Any) -> None:
    from marketplace.accounts import services

    services.choose_language(user=user, language=get_language() or settings.LANGUAGE_CODE)

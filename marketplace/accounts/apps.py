"""People, their roles and their keys."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate

HOUSE = {"marketplace", "generation", "payments", "gallery"}


class AccountsConfig(AppConfig):
    name = "marketplace.accounts"

    def ready(self) -> None:
        from marketplace.accounts.api import schema  # noqa: F401  # registers itself with drf-spectacular

        post_migrate.connect(_equip_curators, dispatch_uid="accounts.equip_curators")


def _equip_curators(sender: AppConfig, **kwargs: Any) -> None:
    # Django makes an app's permissions after its migrations, so no migration could grant them.
    from marketplace.accounts import services

    if sender.name.split(".", 1)[0] in HOUSE:
        services.equip_curators(app_label=sender.label)

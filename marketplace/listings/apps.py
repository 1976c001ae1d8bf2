from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ListingsConfig(AppConfig):
    name = "marketplace.listings"

    def ready(self) -> None:
        post_migrate.connect(_offer_licences, sender=self, dispatch_uid="listings.offer_licences")


def _offer_licences(sender: AppConfig, **kwargs: Any) -> None:
    from marketplace.listings import services

    services.offer_licences()

"""Starts what every room stands on: the broker, then every app's actors and event handlers."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    name = "marketplace.core"

    def ready(self) -> None:
        from marketplace.core import broker, checks, texts  # noqa: F401  # settings are loaded only now
        from marketplace.core.audit import acting

        acting.install()
        texts.install()
        broker.configure()
        autodiscover_modules("tasks", "handlers", "health")

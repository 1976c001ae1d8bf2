from django.apps import AppConfig
from django.conf import settings


class GenerationConfig(AppConfig):
    name = "generation"
    verbose_name = "Works and jobs"

    def ready(self) -> None:
        """Take up the engines that the operator added, and what is checked at deployment."""
        from generation.engines import registry
        from generation.provenance import deployment  # noqa: F401  # settings are loaded only now

        for where in settings.ATELIER.extra_engines:
            registry.register(where)

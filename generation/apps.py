from django.apps import AppConfig
from django.conf import settings


class GenerationConfig(AppConfig):
    name = "generation"
    verbose_name = "Works and jobs"

    def ready(self) -> None:
        """Take up the engines that the operator added, what is checked at deployment, and what is counted."""
        from generation.engines import registry
        from generation.engines.style.features import offering
        from generation.engines.text import choosing
        from generation.provenance import deployment  # noqa: F401  # settings are loaded only now
        from generation.selectors.metrics import JobFigures
        from marketplace.core import metrics

        metrics.registry.register(JobFigures())
        choosing.use_model(settings.ATELIER.text_model)
        offering.go_without(*(() if settings.ATELIER.vgg_weights else ("vgg-19",)))
        for where in settings.ATELIER.extra_engines:
            registry.register(where)

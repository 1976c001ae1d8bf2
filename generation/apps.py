from django.apps import AppConfig


class GenerationConfig(AppConfig):
    name = "generation"
    verbose_name = "Works and jobs"

    def ready(self) -> None:
        from generation.provenance import deployment  # noqa: F401  # settings are loaded only now

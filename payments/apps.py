from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "payments"

    def ready(self) -> None:
        from marketplace.core import health
        from payments import gateway

        health.part("payments")(gateway.ping)

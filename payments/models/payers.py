"""Who pays, as the provider knows them, so that a card can be used again."""

from django.db import models

from marketplace.accounts.models import User
from marketplace.core.models import TimeStamped


class Customer(TimeStamped):
    """A person as the provider's customer, who may keep cards there."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="payment_customer")
    stripe_id = models.CharField(max_length=100, null=True, blank=True, unique=True)

    def __str__(self) -> str:
        return f"{self.stripe_id or 'to be made'} of {self.user}"


class SavedCard(TimeStamped):
    """A card kept at the provider with its owner's leave: enough of it to be recognised, nothing to be stolen."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="cards")
    stripe_id = models.CharField(max_length=100, unique=True, help_text="The payment method.")
    brand = models.CharField(max_length=30)
    last4 = models.CharField(max_length=4)
    expires = models.CharField(max_length=7, help_text="Year and month, such as 2030-04.")
    is_default = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="payments_one_default_card", fields=["customer"], condition=models.Q(is_default=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.brand} {self.last4}"

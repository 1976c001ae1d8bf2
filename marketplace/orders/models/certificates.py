"""Certificates of authenticity as they were signed, and the keys that signed them."""

from django.db import models
from django.db.models import Q

from marketplace.core.models import TimeStamped
from marketplace.listings.models import Edition
from marketplace.orders.models.ownership import Acquisition


class SigningKey(models.Model):
    """A public key of the house's, kept for as long as there is something that it signed."""

    id = models.CharField(primary_key=True, max_length=16, help_text="The first 16 digits of the key's SHA-256.")
    public = models.CharField(max_length=44, help_text="The 32 bytes of an Ed25519 public key, in base64.")
    since = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.id


class Certificate(TimeStamped):
    """What the house signed about an edition and its owner; a new owner gets a new one, and the old one says so.

    `document` is kept as the text that was signed (RFC 8785), so that a signature never depends on how it is written.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="certificates")
    acquisition = models.ForeignKey(Acquisition, on_delete=models.PROTECT, related_name="certificates")
    key = models.ForeignKey(SigningKey, on_delete=models.PROTECT, related_name="+")
    document = models.TextField()
    signature = models.CharField(max_length=88, help_text="Ed25519 over the document's UTF-8, in base64.")
    file_sha256 = models.CharField(max_length=64, blank=True, help_text="Of its PDF, once somebody asked for that.")
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="orders_certificate_valid_once", fields=["edition"], condition=Q(superseded_at=None)
            )
        ]
        indexes = [models.Index(name="orders_certificate_newest", fields=["edition", "-id"])]

    def __str__(self) -> str:
        return f"Certificate of {self.edition}"

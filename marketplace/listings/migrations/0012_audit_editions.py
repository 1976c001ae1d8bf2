"""Every change of an edition's state is in the audit log."""

from django.db import migrations

from marketplace.core.audit import audited


class Migration(migrations.Migration):
    dependencies = [("listings", "0011_rerolls"), ("core", "0002_audit")]

    operations = [audited("listings_edition")]

"""Every change is written to the audit log."""

from django.db import migrations

from marketplace.core.audit import audited


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial"), ("core", "0002_audit")]

    operations = [audited("orders_ownership")]

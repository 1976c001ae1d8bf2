"""Every change is written to the audit log."""

from django.db import migrations

from marketplace.core.audit import audited


class Migration(migrations.Migration):
    dependencies = [("listings", "0003_engines"), ("core", "0002_audit")]

    operations = [audited("listings_listing")]

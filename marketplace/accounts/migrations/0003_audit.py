"""Every change is written to the audit log."""

from django.db import migrations

from marketplace.core.audit import audited


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_curators"), ("core", "0002_audit")]

    operations = [audited("accounts_artist")]

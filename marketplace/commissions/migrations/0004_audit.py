"""Every change is written to the audit log."""

from django.db import migrations

from marketplace.core.audit import audited


class Migration(migrations.Migration):
    dependencies = [("commissions", "0003_masks"), ("core", "0002_audit")]

    operations = [audited("commissions_commission")]

"""Every change is written to the audit log."""

from django.db import migrations

from marketplace.core.audit import audited


class Migration(migrations.Migration):
    dependencies = [("payments", "0004_ledger_identity"), ("core", "0002_audit")]

    operations = [audited("payments_payment", leave_out=["client_secret"])]

"""What curators decide about pictures that the gate held is in the audit log, whatever the picture is of."""

from django.db import migrations

from marketplace.core.audit import audited


class Migration(migrations.Migration):

    dependencies = [("generation", "0020_audit_titles"), ("core", "0002_audit")]
    operations = [audited("generation_review")]

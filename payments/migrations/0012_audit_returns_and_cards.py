"""Every change of what goes back, and of the cards that people keep, is written to the audit log."""

from django.db import migrations, models

from marketplace.core.audit import audited


class Migration(migrations.Migration):
    dependencies = [("payments", "0011_payees_at_work"), ("core", "0002_audit")]

    operations = [
        *(audited(f"payments_{table}") for table in ("refund", "dispute", "savedcard")),
        migrations.AlterField(
            model_name="payment",
            name="action_url",
            field=models.CharField(
                blank=True, help_text="Where the payer authenticates, while their bank asks for it.", max_length=500
            ),
        ),
    ]

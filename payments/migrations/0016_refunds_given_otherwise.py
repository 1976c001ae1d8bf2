"""A refund that the provider could not give may be given by the house's own bank."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0015_fees_unknown")]

    operations = [
        migrations.AlterField(
            model_name="refund",
            name="state",
            field=models.CharField(
                choices=[
                    ("requested", "Requested"), ("pending", "Pending"), ("succeeded", "Succeeded"),
                    ("failed", "Failed"), ("settled", "Given otherwise"),
                ],
                default="requested", max_length=12,
            ),
        ),
        migrations.RemoveConstraint(model_name="refund", name="payments_refund_state"),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                name="payments_refund_state",
                condition=models.Q(state__in=["requested", "pending", "succeeded", "failed", "settled"]),
            ),
        ),
    ]  # fmt: skip

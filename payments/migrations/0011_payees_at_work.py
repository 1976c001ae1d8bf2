"""Payees at work: what a payout failed for, what is still open of shares, histories; and locks that let rows be added."""

import django.db.models.expressions
from django.db import migrations, models

from marketplace.core.audit import audited

# As before, but rows that only refer to the payment (a call, a posting) may be added while it is locked: a lock that
# forbids it could wait for one that waits for it.
WITHIN = """
CREATE OR REPLACE FUNCTION payments_refunds_within() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    paid bigint; taken timestamptz; back numeric;
BEGIN
    -- The payment's row is the lock: two refunds at once are looked at one after the other.
    SELECT amount, captured_at INTO paid, taken FROM payments_payment WHERE id = NEW.payment_id FOR {lock};
    SELECT coalesce(sum(amount), 0) INTO back FROM payments_refund
     WHERE payment_id = NEW.payment_id AND state <> 'failed';
    IF taken IS NULL OR back > paid THEN
        RAISE EXCEPTION 'refunds of % for payment % of %', back, NEW.payment_id, paid USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0010_dispute_is_withheld"), ("core", "0002_audit")]

    operations = [
        migrations.AddField(
            model_name="payout",
            name="failure_code",
            field=models.CharField(blank=True, help_text="As the provider calls it.", max_length=60),
        ),
        migrations.AddField(
            model_name="payout",
            name="seen_at",
            field=models.DateTimeField(blank=True, help_text="When it was last read at the provider.", null=True),
        ),
        migrations.AddIndex(
            model_name="share",
            index=models.Index(
                condition=models.Q(
                    (
                        "amount",
                        django.db.models.expressions.CombinedExpression(
                            models.F("refunded"), "+", models.F("transferred")
                        ),
                    ),
                    _negated=True,
                ),
                fields=["payee"],
                name="payments_share_open",
            ),
        ),
        migrations.RunSQL(WITHIN.format(lock="NO KEY UPDATE"), WITHIN.format(lock="UPDATE")),
        audited("payments_share"),
        audited("payments_transfer"),
        audited("payments_reversal"),
        audited("payments_payoutaccount", leave_out=["seen_at"]),
        audited("payments_payout", leave_out=["seen_at"]),
    ]

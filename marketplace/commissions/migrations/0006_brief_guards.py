"""A brief moves only as its machine says, and every change of state or money is written to the audit log."""

from django.db import migrations

from marketplace.commissions.models import BRIEF
from marketplace.core.audit import audited
from marketplace.core.machine import guarded


class Migration(migrations.Migration):
    dependencies = [("commissions", "0005_briefs"), ("core", "0003_machine_guard")]

    operations = [
        guarded("commissions_brief", BRIEF),
        audited("commissions_brief"),
        audited("commissions_quote"),
        audited("commissions_instalment"),
        audited("commissions_candidate"),
        audited("commissions_revision"),
        audited("commissions_briefdispute"),
        audited("commissions_commissionterms"),
    ]

"""The audit log: who changed which row of money or state, when, from what to what, written by the database itself.

A trigger on each audited table writes a row of `core_audit`; whoever changes the table, by the ORM, by raw SQL or by
`psql`, cannot go past it, and nothing can be rewritten there. An app that makes a table of money or state attaches the
trigger in the migration that makes the table (or in the next one):

    from marketplace.core.audit import audited

    class Migration(migrations.Migration):
        dependencies = [("core", "0002_audit"), ...]
        operations = [
            migrations.CreateModel(name="Bid", ...),
            audited("listings_bid"),
            audited("payments_payout", leave_out=["bank_secret"]),  # what nobody should read in a log
        ]

Who acts is known in the web process (the person signed in), in handlers, chores, actors and management commands (their
name) without any line in the services, and without a query: see `acting`. A script of another kind says it itself:
`with acting_as("import of 2026"): …`. To show a row's history beside it in the administration, put
`marketplace.core.admin.WithHistory` before `ModelAdmin`; to read it in code, `AuditEntry.objects.of(row)`.
"""

from marketplace.core.audit.acting import acting_as, acting_for
from marketplace.core.audit.attaching import audited

__all__ = ["acting_as", "acting_for", "audited"]

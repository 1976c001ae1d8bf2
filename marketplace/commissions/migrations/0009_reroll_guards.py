"""A re-roll moves only as its machine says and is audited; the seeds that are somebody's are claimed."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from marketplace.commissions.models import HOLDS_SEED, REROLL
from marketplace.core.audit import audited
from marketplace.core.machine import guarded


def claim_seeds(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What was ordered before there were re-rolls has one seed each."""
    commissions = apps.get_model("commissions", "Commission").objects
    claims = apps.get_model("commissions", "ClaimedSeed").objects
    held = commissions.filter(trained_model__isnull=False, photograph=None, state__in=HOLDS_SEED)
    for one in held.iterator():
        claims.create(trained_model_id=one.trained_model_id, engine=one.engine, seed=one.seed, commission=one)


class Migration(migrations.Migration):
    dependencies = [("commissions", "0008_rerolls"), ("core", "0003_machine_guard")]

    operations = [
        guarded("commissions_reroll", REROLL),
        audited("commissions_reroll"),
        audited("commissions_claimedseed"),
        migrations.RunPython(claim_seeds, migrations.RunPython.noop),
    ]

"""What was delivered may be taken back by the collector's bank."""

from django.db import migrations

from marketplace.commissions.models import BRIEF
from marketplace.core.machine import guarded


class Migration(migrations.Migration):
    dependencies = [("commissions", "0009_reroll_guards"), ("core", "0003_machine_guard")]

    operations = [guarded("commissions_brief", BRIEF)]

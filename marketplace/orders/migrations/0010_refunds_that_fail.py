"""An order whose refund failed ends all the same: settled by staff, or taken back by the buyer's bank."""

from django.db import migrations

from marketplace.core.machine import guarded
from marketplace.orders.models import ORDER


class Migration(migrations.Migration):
    dependencies = [("orders", "0009_certificate_files"), ("core", "0003_machine_guard")]

    operations = [guarded("orders_order", ORDER)]

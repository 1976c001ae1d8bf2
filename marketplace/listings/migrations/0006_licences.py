"""The licences that the house offers, and sales that move along their arrows."""

from django.db import migrations

from marketplace.core.machine import guarded
from marketplace.listings.models.licences import LICENCES
from marketplace.listings.models.sales import SALE

def offer(apps, schema_editor):
    """Write the house's licences down."""
    Licence = apps.get_model("listings", "Licence")
    for code, title, summary, terms in LICENCES:
        Licence.objects.create(code=code, title=title, summary=summary, terms=terms)


class Migration(migrations.Migration):
    dependencies = [("listings", "0005_releases_and_sales"), ("core", "0003_machine_guard")]

    operations = [migrations.RunPython(offer, migrations.RunPython.noop), guarded("listings_sale", SALE)]

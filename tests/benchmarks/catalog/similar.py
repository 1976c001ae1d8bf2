"""`python -m tests.benchmarks.catalog.similar`: the recall of similar works in the house at DATABASE_URL."""

import os

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
    django.setup()
    from tests.benchmarks.catalog.recall import print_recall

    print_recall()

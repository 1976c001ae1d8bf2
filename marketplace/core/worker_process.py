"""What `dramatiq marketplace.core.worker_process` loads: Django, and with it every app's actors."""

import os

import django

from marketplace.core import tracing

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
django.setup()
tracing.configure("worker")

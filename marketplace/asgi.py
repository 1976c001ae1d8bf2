"""The ASGI door of the web process."""

import os

from django.core.asgi import get_asgi_application

from marketplace.core import tracing

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
application = get_asgi_application()
tracing.configure("web")

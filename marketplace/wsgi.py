"""The WSGI door of the web process."""

import os

from django.core.wsgi import get_wsgi_application

from marketplace.core import tracing

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
application = get_wsgi_application()
tracing.configure("web")

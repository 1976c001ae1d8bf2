"""The house's settings with django-dramatiq beside it, told to take the same Redis."""

from marketplace import settings as house

globals().update({name: value for name, value in vars(house).items() if name.isupper()})
INSTALLED_APPS = ["django_dramatiq", *house.INSTALLED_APPS]
DRAMATIQ_BROKER = {
    "BROKER": "dramatiq.brokers.redis.RedisBroker",
    "OPTIONS": {"url": house.ATELIER.broker_url.get_secret_value()},
    "MIDDLEWARE": [],
}

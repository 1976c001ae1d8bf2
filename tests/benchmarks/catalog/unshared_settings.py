"""The house's settings without answers that are kept for all: every request is worked out."""

from marketplace import settings as house

globals().update({name: value for name, value in vars(house).items() if name.isupper()})
MIDDLEWARE = [name for name in house.MIDDLEWARE if not name.endswith(".SharedAnswers")]

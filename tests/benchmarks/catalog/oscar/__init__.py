"""A django-oscar shop as its documentation sets one up; it runs in a virtual environment of its own."""

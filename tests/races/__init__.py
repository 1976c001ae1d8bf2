"""Crowds against a running house: nobody oversells, the highest bid wins, and money adds up whatever dies on the way.

`make races` prints the counts; `make test` runs them too.
"""

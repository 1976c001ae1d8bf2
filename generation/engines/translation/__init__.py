"""Photographs that become like the works of a collection, learnt without pairs."""

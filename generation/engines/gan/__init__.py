"""Generative adversarial networks: one network paints, another judges, and each learns from the other."""

"""Datasets, trainings and models, from the artist's pictures to works made with them."""

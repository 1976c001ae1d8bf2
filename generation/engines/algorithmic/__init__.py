"""Pictures made by rules alone: no weights, no photographs, only a seed."""

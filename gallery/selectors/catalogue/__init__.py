"""Reading the catalogue: how it is narrowed, found, ordered and counted."""

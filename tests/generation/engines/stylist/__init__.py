"""Picture and words: sentences read as mixtures of styles, and what is painted by them."""

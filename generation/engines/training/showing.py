"""How a trained model is shown, for whoever paints the sheets and whoever explains them. No torch here."""

WIDE = 1024  # pixels of a sheet's side
SEEDS, ACROSS, CELL = 64, 8, 128  # one sheet of seeds 1 to 64 row by row, each square so many pixels wide
DIRECTIONS, FACES, SMALL = 8, (1, 2, 3), 96  # and one of the first directions: for each a row a seed …
STRENGTHS = (-2.0, -1.0, 0.0, 1.0, 2.0)  # … from one end to the other
PAIRS, PAIRS_ACROSS, PAIR_CELL = 8, 2, 256  # of what needs a photograph: so many, each before and after

"""One artist's manner as a network of its own: it paints photographs at once, in that manner alone."""

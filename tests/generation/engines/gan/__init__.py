"""GANs are trained a little, and asked for pictures."""

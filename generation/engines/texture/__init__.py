"""Textures grown from an exemplar: larger than it, or tiling without a seam, with the maps that a renderer asks for."""

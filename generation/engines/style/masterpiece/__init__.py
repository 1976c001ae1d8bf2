"""The quality “masterpiece”: a picture optimised until a network sees the photograph in it, painted like the styles."""

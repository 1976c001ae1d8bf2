"""Engines are asked for pictures, and the pictures are looked at."""

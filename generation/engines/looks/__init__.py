"""How a picture looks, in numbers that can be compared: how it is made (style), its colours, and what it shows."""

"""The pictures by which the house's eye for style was set, and the sheets on which it is judged."""

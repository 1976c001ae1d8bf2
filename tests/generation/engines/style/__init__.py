"""Pictures repainted in the style of other pictures."""

"""How dates are written in each language of the house, where Django's own way is not ours.

`{{ at|date:"DATE_FORMAT" }}` and its like follow the reader; a pattern typed into a template follows nobody.
"""

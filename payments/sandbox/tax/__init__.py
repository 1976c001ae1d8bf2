"""Tax: what is due on a sale, and the record of what was sold. Rates are those of early 2026, without local ones.

rates          the table: country or state, and kind of goods, to percentage
calculations   what would be due
transactions   what was sold, from a calculation
reversals      what was given back
listing        the lines of each
"""

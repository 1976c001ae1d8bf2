"""Paper: PDFs in the house's type, drawn the same way each time, with whatever script a name is written in.

fonts   Source Serif for what it has, Noto Sans CJK for what it has besides; what neither has is left to a mark
sheet   an A4 page with the house's colours, and what every document is put together from
"""

from marketplace.core.paper.sheet import Sheet

__all__ = ["Sheet"]

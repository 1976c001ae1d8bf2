"""Which works people pay attention to, in a way that costs money and time to feign; docs/discovery.md explains it."""

from gallery.services.trending.counting import count_attention
from gallery.services.trending.views import keep_views, note_view

__all__ = ["count_attention", "keep_views", "note_view"]

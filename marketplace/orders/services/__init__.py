"""Buying, owning, giving. One public function a use case, all arguments by keyword."""

from marketplace.orders.services.owning import grant_ownership

__all__ = ["grant_ownership"]

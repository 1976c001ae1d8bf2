"""The text model: how it reads, and what it does not."""

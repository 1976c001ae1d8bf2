"""What changes something of the gallery's own."""

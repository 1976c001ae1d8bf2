"""What reads the gallery's own."""

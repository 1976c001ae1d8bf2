"""The gallery's part of the API."""

"""Tests of translations between two collections."""

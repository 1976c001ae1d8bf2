"""Curating: the queue, decisions and their undoing, reports, appeals and exhibitions."""

"""What the catalogue costs with ten thousand listings and with a million, beside django-oscar: `make bench-catalog`."""

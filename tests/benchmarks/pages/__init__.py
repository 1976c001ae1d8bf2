"""What pages cost who looks at them, and how they look: `make bench-pages`."""

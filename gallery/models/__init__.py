"""What the gallery itself keeps: how works are found, followed, collected, curated and shown."""

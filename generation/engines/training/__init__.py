"""What every engine that learns shares: the trainer, its checkpoints, the pictures it learns from, and the measures."""

"""The gate's two judges, and a classifier that tests can steer."""

"""The whole house on one machine: real parts from wheels, under one supervisor. `make run` is its door.

Nothing in production imports this package.
"""

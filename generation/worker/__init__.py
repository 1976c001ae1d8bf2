"""What runs on a worker: the worker itself, which leases, watches and stores, and its studio, which makes.

The worker holds the keys and the lease, and loads no torch; the studio (`studio/`) holds the device and the networks.
"""

"""The studio: the process in which engines run. It holds the networks and the device, and nothing else.

It knows neither the database nor the object store nor any key: what it needs comes through one socket, and what it
made goes back the same way. So it can be killed at any moment, in the middle of torch's C code too, and nothing is
lost but the work of the moment; and whatever a stranger's file does to a decoder, it does it here.
"""

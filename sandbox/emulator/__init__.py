"""The embedded AWS: ministack, bound to loopback, patched where it departs from AWS, with state that survives.

Start it with `python -m sandbox.emulator` or `client.start`; ask it what exists with `inventory`.
Nothing here knows the program it serves.
"""

"""Services of the video auctions: the worker that takes in videos, and a backend."""

"""Property tests: a busy machine is no failure."""

from hypothesis import settings

settings.register_profile("config", deadline=None)
settings.load_profile("config")

"""What holds for every test."""

from hypothesis import settings

# a busy machine is no failure of an example; pytest's own time limit still holds
settings.register_profile("platform", deadline=None, print_blob=True)
settings.load_profile("platform")

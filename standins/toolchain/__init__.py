"""Engine bootstrap: the official part first, a stand-in built from package registries only for what is missing."""

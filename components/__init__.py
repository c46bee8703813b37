"""Component resources of the program: one package per area, each with typed arguments and typed outputs."""

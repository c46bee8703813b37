"""Which requirement of a framework is held by which controls and rules, how far, and what a stack says of it."""

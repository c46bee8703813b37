"""What goes wrong while the toolchain is brought together."""


class ToolchainError(Exception):
    """A part cannot be had; the text says which, why, and what to do."""

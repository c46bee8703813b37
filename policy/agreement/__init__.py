"""Compares the pack with what public checkers label as right and wrong (docs/agreement.md)."""

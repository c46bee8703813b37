"""The commands a person types, one module each."""

"""The reference pages of `docs/reference/`, written from the models and from recordings of the stack files."""

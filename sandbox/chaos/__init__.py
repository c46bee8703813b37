"""Experiments of a stack on the embedded AWS: what is taken away, what is seen meanwhile, what is left as evidence."""

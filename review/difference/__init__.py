"""What differs between two graphs of a stack: what is lost, made anew, changed, and what hangs on it."""

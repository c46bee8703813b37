"""The real Pulumi engine on an embedded AWS: drives the program from outside and is imported by nothing of it."""

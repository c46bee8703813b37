"""ECS tasks of the embedded AWS: where they are placed, how they start, run and stop, what keeps a service whole."""

"""One comment of a pull request for all stacks: what a reviewer has to know in five minutes, first things first."""

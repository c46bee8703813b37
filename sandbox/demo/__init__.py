"""A deployed system of agents is shown from end to end: plain clients ask it by its names, and each step is judged."""

"""Load on a deployed system of agents, by users of locust: figures for the reader, objectives for the exit status."""

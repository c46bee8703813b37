"""The checks, a file for each family. Each is given the account and the plan, and yields findings."""

"""`drill`: takes the primary's region away from a deployed pair of stacks, fails over, fails back, keeps evidence."""

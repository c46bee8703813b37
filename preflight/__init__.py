"""Asks the account that a stack names, read-only, what would stop or spoil a first `up`, before anything is made.

What the stack makes is read from its offline recording, so that a check holds for every stack file. A check is a
function of `checks/`, a file for each family: it is given the account and the plan, and yields findings. It stands in
`table.CHECKS`. An action that it calls stands in `policy.json`, which a test compares with the calls that are made.
"""

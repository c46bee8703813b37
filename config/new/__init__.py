"""`python -m config.new STACK`: a stack file that holds as it is, made after another stack's of the project.

A stack file is made in two steps. `draft` and what works on it decide which values the new stack has, and why.
`rewrite` then makes the text of the other stack hold these values: what stays keeps its place and its comments.
"""

"""Programs that run in the containers of the stacks. They import nothing of what builds the stacks."""

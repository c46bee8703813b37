"""Component provider `eks`: pulumi-eks 4.4 in API authentication mode, where the official plugin cannot be had.

Serves `Cluster`, `ManagedNodeGroup` and `Addon` with the same children, names, options and outputs. It is no second
implementation of pulumi-eks: an input that would lead anywhere else is refused by name, never ignored.
"""

"""Stand-ins for the parts of Pulumi that a machine behind a firewall cannot download."""

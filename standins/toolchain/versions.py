"""The versions the toolchain is made of, each in one place."""

PULUMI = "3.250.0"
"""Engine and SDK, pinned together; the newest whose source the Go module proxy has (2026-11)."""

BRIDGE = "3.116.0"
"""Dynamic Terraform bridge; builds as it is against the terraform-plugin-sdk fork named in go/bridge/go.mod."""

AWS_PLUGIN = "7.51.1"
"""The official AWS plugin, of the SDK's version."""

GO_MINIMUM = (1, 25)
"""Oldest Go that builds both; their go.mod files say so."""

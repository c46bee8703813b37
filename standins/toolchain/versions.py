"""The versions the toolchain is made of, each in one place; the engine may be newer than the SDK, never older."""

SDK = "3.272.0"
"""The Pulumi SDK of requirements.lock: the newest on PyPI (2026-11)."""

ENGINE = "3.276.0"
"""The engine: the newest whose source the Go module proxy has (2026-11); never older than the SDK."""

BRIDGE = "3.137.0"
"""Dynamic Terraform bridge; builds as it is against the terraform-plugin-sdk fork named in go/bridge/go.mod."""

PLUGINS = {"aws": "7.51.1", "eks": "4.4.0"}
"""The official plugins that can serve the embedded AWS, of the versions of their SDKs."""

PROVIDER_MAJOR = 5
"""Major version of the Terraform AWS provider that the proxy's tables were made with (5.100.0, its last)."""

GO_MINIMUM = (1, 26)
"""Oldest Go that builds both; their go.mod files say so."""

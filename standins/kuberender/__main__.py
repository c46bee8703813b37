"""`pulumi-resource-kubernetes`: started by the engine, ended by it, gone when the engine is."""

from __future__ import annotations

import asyncio

from standins.kuberender.server import serve
from standins.toolchain.process import end_with_engine


def main() -> None:
    """Serve the engine; its address and logging flags are of no use here, nothing is asked back."""
    end_with_engine()
    asyncio.run(serve())


if __name__ == "__main__":
    main()

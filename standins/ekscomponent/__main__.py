"""`pulumi-resource-eks`: started by the engine with its address, ended by it, gone when the engine is."""

from __future__ import annotations

import argparse
import asyncio

from standins.ekscomponent.server import serve
from standins.toolchain.process import end_with_engine


def main() -> None:
    """Serve the engine whose address is the first argument; its logging flags are taken and left alone."""
    end_with_engine()
    parser = argparse.ArgumentParser(prog="pulumi-resource-eks", description=main.__doc__)
    parser.add_argument("engine", help="address of the engine")
    known, _ = parser.parse_known_args()
    asyncio.run(serve(known.engine))


if __name__ == "__main__":
    main()

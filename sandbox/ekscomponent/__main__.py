"""`pulumi-resource-eks`: started by the engine with its address, killed by it, dead when the engine is."""

from __future__ import annotations

import argparse
import asyncio
import signal

from sandbox.ekscomponent.server import serve
from sandbox.toolchain.guard import PR_SET_PDEATHSIG, prctl


def main() -> None:
    """Serve the engine whose address is the first argument; its logging flags are taken and left alone."""
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the engine's: it cancels, then ends its plugins
    parser = argparse.ArgumentParser(prog="pulumi-resource-eks", description=main.__doc__)
    parser.add_argument("engine", help="address of the engine")
    known, _ = parser.parse_known_args()
    asyncio.run(serve(known.engine))


if __name__ == "__main__":
    main()

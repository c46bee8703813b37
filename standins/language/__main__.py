"""`pulumi-language-python`, started by the engine with its own address, after whatever logging flags it was given."""

import sys

from standins.language.host import serve

if __name__ == "__main__":
    if len(sys.argv) < 2:  # noqa: PLR2004 our name and the address
        sys.exit("pulumi-language-python: the engine starts this, with its address")
    serve(sys.argv[-1])

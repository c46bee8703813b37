"""Run a policy pack: `python -u -m standins.language.pack PACK_DIRECTORY ENGINE_ADDRESS ...`, and die with the host.

The SDK's runner (`python -m pulumi.policy ENGINE_ADDRESS PACK_DIRECTORY`) serves until it is killed; the kernel
does that when the language host is gone.
"""

import runpy
import sys

from standins.toolchain.process import die_with_parent

if __name__ == "__main__":
    die_with_parent()
    directory, *arguments = sys.argv[1:]
    sys.argv = ["pulumi.policy", *arguments, directory]
    runpy.run_module("pulumi.policy", run_name="__main__", alter_sys=True)

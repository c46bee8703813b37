"""Become a program that dies with the process that started it, however that ends.

Run as a script in front of every child of the AWS plugin (standard library only, no site packages: 20 ms):

    python -I -S lifeline.py PROGRAM ARGUMENT ...

The parent-death signal survives the exec. The bridge starts the Terraform provider through a launcher that does the
same, so a kill -9 of the plugin takes the bridge along, and the bridge its provider.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(command: list[str]) -> None:
    """Tie this process to its parent, then become the command; does not return."""
    parent = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(128 + signal.SIGKILL)
    os.execv(command[0], command)  # noqa: S606 becoming the given program is what this script is for


if __name__ == "__main__":
    main(sys.argv[1:])

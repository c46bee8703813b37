"""`python -m sandbox up|preview|down|status|shell|setup [stack ...]`."""

import sys

from sandbox.run.cli import main

sys.exit(main())

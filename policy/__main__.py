"""Entry point of the pack under the engine; the only place that starts a policy server.

The engine runs this file by path, with this directory and not the checkout on the module path.
"""

import importlib
import sys
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent

if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parent))
    importlib.import_module("policy.crossguard").serve(HERE / "waivers.yaml", datetime.now(tz=UTC).date())

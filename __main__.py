"""The program that the engine runs: settings in, resources and outputs out."""

from __future__ import annotations

import pulumi

from components.runtime import collect_no_garbage, wait_once
from components.stack import deploy
from config.load import load_or_stop

collect_no_garbage()
settings = load_or_stop()
try:
    deploy(settings).publish()
except ValueError as error:
    # The stack file asks for something that cannot be built; a traceback would say nothing more.
    raise pulumi.RunError(str(error)) from None
wait_once()

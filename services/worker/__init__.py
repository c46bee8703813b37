"""A worker of an SQS queue on Fargate: it holds what it works on, and gives it back when its task is to end.

    def work(message: Message) -> None: ...          # durable when it returns; safe to do again

    sys.exit(Worker(settings, work).run())

- One message at a time, received by long polling. It is deleted after `work` returned, and only then.
- While `work` runs, the message is hidden on: its visibility is renewed at each third of it.
- From idle to busy the task is protected from scale-in, through ECS's agent; from busy to idle it is not any more.
- SIGTERM (scale-in, deployment, Spot): nothing is received any more. What is being worked on is finished within
  `stop_seconds`, or else made visible again at once, for another worker. The exit status is 0.
- A message whose work fails is visible again after `retry_seconds`. The queue's redrive policy counts how often that
  happens, and puts it among the dead letters.
"""

from services.worker.queue import Message
from services.worker.settings import Settings
from services.worker.worker import Worker

__all__ = ["Message", "Settings", "Worker"]

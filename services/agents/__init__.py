"""Tasks for an AI agent: submitted over HTTP, queued, done once by a worker, told over WebSockets.

    POST /tasks -> table (queued) -> queue -> worker -> Bedrock through a guardrail -> result in S3 -> table (done)
                                                table's stream -> sockets of the tenant

- `task`: what a task is, and which state follows which. Pure.
- `identity`: whose request it is, from the claims of a token; `handshake`: where a socket has its token. Pure.
- `agent`: what the worker does with a message, by the protocols of `task`.
- `table`, `results`, `model`, `connections`, `tokens`: the edges: DynamoDB, S3, Bedrock, JSON Web Keys.
- `http`, `sockets`, `authorizer`, `changes`, `archive`: handlers of functions. `worker`: the program of the container.

docs/agents.md says what happens to a task.
"""

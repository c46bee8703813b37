-- Ended tasks, kept longer than the table of DynamoDB has them. Applied once, by a migration, before the function runs:
--   psql --set ON_ERROR_STOP=1 --single-transaction --file services/agents/archive.sql
-- The function's user needs INSERT on it, and nothing else.
CREATE TABLE IF NOT EXISTS ended_tasks (
    tenant   text        NOT NULL,
    id       text        NOT NULL,
    created  timestamptz NOT NULL,
    ended    timestamptz NOT NULL,
    state    text        NOT NULL CHECK (state IN ('done', 'refused', 'failed')),
    prompt   text        NOT NULL,
    reason   text        NOT NULL,
    attempts integer     NOT NULL CHECK (attempts > 0),
    PRIMARY KEY (tenant, id, created)
);

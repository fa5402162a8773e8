-- Which items are calls that the page has yet to answer, so that nobody looks through a whole thread
-- for them.

ALTER TABLE items ADD COLUMN pending BOOLEAN NOT NULL DEFAULT FALSE;

UPDATE items SET pending = TRUE
WHERE json LIKE '%"type":"client_tool_call","status":"pending"%';

CREATE INDEX items_pending ON items (owner, thread_id, seq) WHERE pending;

-- Times are milliseconds since 1970. Every row says whose it is, and a key over owner and thread
-- keeps the rows of a thread with its owner.

CREATE TABLE threads (
  seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  owner TEXT NOT NULL,
  id TEXT NOT NULL UNIQUE,
  created_at BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  title TEXT,
  status TEXT NOT NULL,
  reason TEXT,
  UNIQUE (owner, id)
);

CREATE INDEX threads_in_order ON threads (owner, seq);
CREATE INDEX threads_by_age ON threads (last_at);

CREATE TABLE items (
  seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  owner TEXT NOT NULL,
  thread_id TEXT NOT NULL,
  id TEXT NOT NULL,
  hidden BOOLEAN NOT NULL,
  json TEXT NOT NULL,
  UNIQUE (owner, thread_id, id),
  FOREIGN KEY (owner, thread_id) REFERENCES threads (owner, id) ON DELETE CASCADE
);

CREATE INDEX items_in_order ON items (owner, thread_id, seq);

CREATE TABLE feedback (
  owner TEXT NOT NULL,
  thread_id TEXT NOT NULL,
  item_id TEXT NOT NULL,
  rating TEXT NOT NULL,
  rated_at BIGINT NOT NULL,
  PRIMARY KEY (owner, thread_id, item_id),
  FOREIGN KEY (owner, thread_id, item_id) REFERENCES items (owner, thread_id, id) ON DELETE CASCADE
);

CREATE TABLE attachments (
  seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  owner TEXT NOT NULL,
  id TEXT NOT NULL UNIQUE,
  thread_id TEXT,
  name TEXT NOT NULL,
  mime_type TEXT NOT NULL,
  size BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  FOREIGN KEY (owner, thread_id) REFERENCES threads (owner, id) ON DELETE CASCADE
);

CREATE INDEX attachments_of_threads ON attachments (owner, thread_id);
CREATE INDEX attachments_by_age ON attachments (created_at) WHERE thread_id IS NULL;

-- Everything the sandbox remembers. One writer at a time (BEGIN IMMEDIATE), many readers (WAL).

-- Every Stripe object as one JSON document; seq is the order of creation and the cursor of lists; account is the
-- connected account whose object it is, '' for the platform's own.
CREATE TABLE IF NOT EXISTS documents (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    created INTEGER NOT NULL,
    body TEXT NOT NULL,
    account TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS documents_by_kind ON documents (kind, seq);

-- The fields that lists filter by, so that a filter never scans documents.
CREATE TABLE IF NOT EXISTS facets (
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    seq INTEGER NOT NULL REFERENCES documents (seq),
    PRIMARY KEY (name, value, seq)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS facets_by_document ON facets (seq);

-- What every account has, in minor units, as its balance transactions add up; status is pending or available.
CREATE TABLE IF NOT EXISTS balances (
    account TEXT NOT NULL,
    currency TEXT NOT NULL,
    status TEXT NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (account, currency, status)
) WITHOUT ROWID;

-- What the clock will do to an object when its time comes (an authorisation lapses); the id is an object's, or an
-- object's and a chore's name (acct_1/payouts).
CREATE TABLE IF NOT EXISTS deadlines (
    id TEXT PRIMARY KEY,
    due INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS deadlines_by_due ON deadlines (due);

-- Idempotency keys: status is null while the first request is still running.
CREATE TABLE IF NOT EXISTS idempotency (
    key TEXT PRIMARY KEY,
    endpoint TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    started INTEGER NOT NULL,
    request_id TEXT NOT NULL,
    status INTEGER,
    body TEXT
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS idempotency_by_start ON idempotency (started);

-- Webhook deliveries that are still to be made or were made; next_at is real time, not the sandbox's clock.
CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    event TEXT NOT NULL,
    next_at REAL NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    delivered_at REAL,
    last_answer TEXT
);
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (next_at) WHERE delivered_at IS NULL;
CREATE INDEX IF NOT EXISTS deliveries_by_event ON deliveries (event);

-- Faults waiting for their call.
CREATE TABLE IF NOT EXISTS faults (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    kind TEXT NOT NULL,
    stage TEXT NOT NULL,
    status INTEGER NOT NULL,
    seconds REAL NOT NULL,
    remaining INTEGER NOT NULL
);

-- The log of API calls, without their parameters: card numbers never come to rest here.
CREATE TABLE IF NOT EXISTS calls (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at REAL NOT NULL,
    request_id TEXT NOT NULL,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    idempotency_key TEXT,
    outcome TEXT NOT NULL,
    status INTEGER,
    fault TEXT
);

-- The clock's offset, whether webhooks are paused, and the like.
CREATE TABLE IF NOT EXISTS switches (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

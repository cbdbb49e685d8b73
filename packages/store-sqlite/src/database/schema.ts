/**
 * Numbered, forward only: entry 0 makes version 1 of an empty file. Never change an entry that was released, add the next one.
 *
 * Names of connections, objects, sources, entities, identities, runs, events and codes are interned in `name`, units in `unit`. States and other closed sets
 * are the numbers of `codes.ts`. Times are epoch ms. Text compares bytewise (SQLite's BINARY).
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE name (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE unit (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE lease (id INTEGER PRIMARY KEY CHECK (id = 1), holder TEXT NOT NULL) STRICT;

  CREATE TABLE record (
    rid INTEGER PRIMARY KEY,
    source INTEGER NOT NULL,
    entity INTEGER NOT NULL,
    id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    content_hash TEXT NOT NULL,
    version TEXT NOT NULL,
    modified_at INTEGER NOT NULL,
    deleted_at INTEGER
  ) STRICT;
  CREATE UNIQUE INDEX record_key ON record (source, entity, id);
  -- Apart from the record, so that looking up heads touches few pages.
  CREATE TABLE record_body (rid INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;
  CREATE TABLE order_fact (rid INTEGER PRIMARY KEY, fact TEXT NOT NULL) STRICT;

  CREATE TABLE alias (identity INTEGER NOT NULL, key TEXT NOT NULL, unit INTEGER NOT NULL, PRIMARY KEY (identity, key)) STRICT, WITHOUT ROWID;
  CREATE INDEX alias_unit ON alias (unit, identity);
  CREATE TABLE unit_member (
    identity INTEGER NOT NULL,
    rid INTEGER NOT NULL,
    unit INTEGER NOT NULL,
    role INTEGER NOT NULL,
    PRIMARY KEY (identity, rid)
  ) STRICT, WITHOUT ROWID;
  -- Holds the role too: else the planner prefers to walk the whole primary key of the identity.
  CREATE INDEX unit_member_unit ON unit_member (unit, identity, rid, role);

  -- Only numbers that keep their size when a row is delivered, so that its page need not be split; what grows is in delivery_remote.
  CREATE TABLE delivery (
    -- Never used again: joined rows are deleted, and a late settlement must not meet another row.
    did INTEGER PRIMARY KEY AUTOINCREMENT,
    unit INTEGER NOT NULL,
    connection INTEGER NOT NULL,
    object INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    -- 8 * priority + rank of the kind
    claim_order INTEGER NOT NULL,
    cause INTEGER NOT NULL,
    origin INTEGER NOT NULL,
    state INTEGER NOT NULL,
    wanted INTEGER NOT NULL,
    settled INTEGER NOT NULL,
    sending INTEGER,
    attempts INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    failed_since INTEGER,
    uncertain INTEGER NOT NULL,
    guarded INTEGER NOT NULL,
    result INTEGER,
    code INTEGER,
    waits_object INTEGER,
    waits_unit INTEGER,
    ticket TEXT,
    problem TEXT
  ) STRICT;
  CREATE UNIQUE INDEX delivery_key ON delivery (unit, connection, object);
  -- The conditions are repeated literally by the queries that need these indexes.
  CREATE INDEX delivery_ready ON delivery (connection, object, claim_order, next_at) WHERE state = 2;
  CREATE INDEX delivery_sending ON delivery (did) WHERE state = 3;
  CREATE INDEX delivery_waiting ON delivery (waits_unit, connection, waits_object) WHERE state = 6;
  CREATE INDEX delivery_pending ON delivery (connection, next_at) WHERE state = 5;
  -- Parked, dead, held. A range, since IN builds a table at every write.
  CREATE INDEX delivery_attention ON delivery (state, did) WHERE state >= 6;
  -- How many rows of delivery there are of each sort; -1 = none.
  CREATE TABLE delivery_count (
    connection INTEGER NOT NULL,
    object INTEGER NOT NULL,
    state INTEGER NOT NULL,
    result INTEGER NOT NULL,
    code INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (connection, object, state, result, code)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE delivery_remote (did INTEGER PRIMARY KEY, remote_id TEXT, fingerprint TEXT, objects TEXT, progress TEXT) STRICT;

  CREATE TABLE journal (
    jid INTEGER PRIMARY KEY,
    unit INTEGER NOT NULL,
    connection INTEGER NOT NULL,
    object INTEGER NOT NULL,
    at INTEGER NOT NULL,
    run INTEGER,
    revision INTEGER NOT NULL,
    event INTEGER NOT NULL,
    problem TEXT
  ) STRICT;
  CREATE INDEX journal_unit ON journal (unit);

  CREATE TABLE rejected (
    source INTEGER NOT NULL,
    entity INTEGER NOT NULL,
    id TEXT NOT NULL,
    version TEXT NOT NULL,
    problem TEXT NOT NULL,
    field TEXT,
    raw TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (source, entity, id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE cursor (
    source INTEGER NOT NULL,
    entity INTEGER NOT NULL,
    mode TEXT NOT NULL,
    high INTEGER,
    lower INTEGER,
    upper INTEGER,
    position TEXT,
    PRIMARY KEY (source, entity, mode)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE run (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    finished_at INTEGER,
    status TEXT NOT NULL,
    summary TEXT
  ) STRICT, WITHOUT ROWID;
  -- How often a dead letter was replayed. Counts while revision and code stay, so that nothing has to be written when it is delivered.
  CREATE TABLE replay (did INTEGER PRIMARY KEY, wanted INTEGER NOT NULL, code INTEGER, count INTEGER NOT NULL) STRICT;
  CREATE TABLE pause (connection INTEGER PRIMARY KEY, since INTEGER NOT NULL, actor TEXT NOT NULL, reason TEXT) STRICT;
  CREATE TABLE audit_log (
    aid INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    connection TEXT,
    count INTEGER,
    detail TEXT NOT NULL
  ) STRICT;
  -- Append-only, for whoever opens the file too. REPLACE removes a line without the trigger on DELETE.
  CREATE TRIGGER audit_log_update BEFORE UPDATE ON audit_log BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
  CREATE TRIGGER audit_log_delete BEFORE DELETE ON audit_log BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
  CREATE TRIGGER audit_log_replace BEFORE INSERT ON audit_log WHEN EXISTS (SELECT 1 FROM audit_log WHERE aid = NEW.aid)
    BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
  CREATE TABLE contract (connection INTEGER PRIMARY KEY, hash TEXT NOT NULL, body TEXT NOT NULL, since INTEGER NOT NULL) STRICT;
  `,
  `
  -- The last number that claims of a connection were given.
  CREATE TABLE fence (connection INTEGER PRIMARY KEY, value INTEGER NOT NULL) STRICT;
  `,
  `
  -- What sources announced and nobody fetched yet. next_at NULL = dead.
  CREATE TABLE notice (
    source INTEGER NOT NULL,
    key TEXT NOT NULL,
    version INTEGER NOT NULL,
    at INTEGER NOT NULL,
    data TEXT NOT NULL,
    seq INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    next_at INTEGER,
    problem TEXT,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (source, key)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX notice_due ON notice (next_at);
  `,
  `
  -- When a row has to be looked at again though nothing changes. Apart, since few rows have a time.
  CREATE TABLE delivery_due (did INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT;
  CREATE INDEX delivery_due_at ON delivery_due (at);
  `,
  `
  -- When the source made the earliest change that the row has yet to carry.
  ALTER TABLE delivery ADD COLUMN changed_at INTEGER;
  -- JSON list of ids, and when the source changed what this entry says was delivered.
  ALTER TABLE journal ADD COLUMN exchanges TEXT;
  ALTER TABLE journal ADD COLUMN changed_at INTEGER;
  CREATE INDEX journal_measured ON journal (connection, jid) WHERE changed_at IS NOT NULL;
  CREATE TABLE exchange (
    xid INTEGER PRIMARY KEY,
    id INTEGER NOT NULL UNIQUE,
    at INTEGER NOT NULL,
    run INTEGER,
    connection INTEGER NOT NULL,
    object INTEGER,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    status INTEGER,
    duration_ms REAL NOT NULL,
    correlation_id TEXT,
    fault TEXT,
    request TEXT,
    answer TEXT
  ) STRICT;
  -- Journal entries by five minutes; code -1 = without a problem.
  CREATE TABLE event_count (
    at INTEGER NOT NULL,
    connection INTEGER NOT NULL,
    event INTEGER NOT NULL,
    code INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (at, connection, event, code)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE engine_state (kind TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (kind, name)) STRICT, WITHOUT ROWID;
  `,
  `
  -- Facts that happened once. A row stays when its body goes: it says that the fact was told.
  CREATE TABLE event (
    eid INTEGER PRIMARY KEY,
    source INTEGER NOT NULL,
    id TEXT NOT NULL,
    type INTEGER NOT NULL,
    occurred_at INTEGER NOT NULL,
    subject TEXT,
    body TEXT
  ) STRICT;
  CREATE UNIQUE INDEX event_key ON event (source, id);
  CREATE INDEX event_subject ON event (subject, type, occurred_at) WHERE subject IS NOT NULL;
  CREATE TABLE cart_watch (source INTEGER NOT NULL, id TEXT NOT NULL, due_at INTEGER, times_left INTEGER NOT NULL, PRIMARY KEY (source, id)) STRICT, WITHOUT ROWID;
  CREATE INDEX cart_watch_due ON cart_watch (source, due_at, id) WHERE due_at IS NOT NULL;
  `,
  `
  -- What destinations hold of the consent of people. target: empty = all targets of the channel, else the target after an equals sign.
  CREATE TABLE held_consent (
    unit INTEGER NOT NULL,
    connection INTEGER NOT NULL,
    channel TEXT NOT NULL,
    target TEXT NOT NULL,
    status TEXT NOT NULL,
    at INTEGER,
    first_seen_at INTEGER NOT NULL,
    reason TEXT,
    ours INTEGER NOT NULL,
    PRIMARY KEY (unit, connection, channel, target)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE consent_cursor (connection INTEGER PRIMARY KEY, position TEXT NOT NULL) STRICT;
  `,
  `
  -- Settled rows that went without something: they are looked at again when it is there.
  CREATE INDEX delivery_without ON delivery (waits_unit, connection, waits_object) WHERE state = 4 AND waits_unit IS NOT NULL;
  `,
  `
  -- Every version of a contract that was used, whole. The first one is the contract of a store from before there were versions.
  CREATE TABLE contract_version (
    cvid INTEGER PRIMARY KEY,
    connection INTEGER NOT NULL,
    hash TEXT NOT NULL,
    body TEXT NOT NULL,
    since INTEGER NOT NULL,
    actor TEXT
  ) STRICT;
  CREATE INDEX contract_version_of ON contract_version (connection);
  INSERT INTO contract_version (connection, hash, body, since) SELECT connection, hash, body, since FROM contract;
  `,
  `
  CREATE INDEX event_old ON event (occurred_at) WHERE body IS NOT NULL;
  `,
  `
  -- That people were erased, by a keyed hash. applied = 0: known from beside the database only.
  CREATE TABLE tombstone (mark TEXT PRIMARY KEY, erased_at INTEGER NOT NULL, applied INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE erasure_key (id INTEGER PRIMARY KEY CHECK (id = 1), key TEXT NOT NULL) STRICT;
  `,
  `
  -- Who has a SKU on which list since when, in the order in which they are told that it changed.
  CREATE TABLE watched (
    source INTEGER NOT NULL,
    sku TEXT NOT NULL,
    customer TEXT NOT NULL,
    since INTEGER NOT NULL,
    list TEXT NOT NULL,
    PRIMARY KEY (source, sku, customer, since DESC, list)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX watched_list ON watched (source, list);
  -- Changes of prices and stock until everybody who watches the SKU was looked at.
  CREATE TABLE offer_change (
    source INTEGER NOT NULL,
    id TEXT NOT NULL,
    at INTEGER NOT NULL,
    body TEXT NOT NULL,
    position TEXT,
    PRIMARY KEY (source, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX offer_change_due ON offer_change (source, at, id);
  `,
  `
  -- Events that are kept for whoever a visitor turns out to be. Of the ones from before, nobody noted which were.
  ALTER TABLE event ADD COLUMN held INTEGER NOT NULL DEFAULT 0;
  UPDATE event SET held = 1 WHERE body IS NOT NULL AND subject >= 'anonymous:' AND subject < 'anonymous;';
  CREATE INDEX event_held ON event (occurred_at) WHERE held = 1;
  `,
]

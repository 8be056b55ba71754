-- The audit log. Every table is append-only: a correction is a row of its own.

CREATE TABLE audit_log (
  id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id BETWEEN 1 AND 9007199254740991),
  timestamp TEXT NOT NULL CHECK (typeof(timestamp) = 'text'),
  server_name TEXT CHECK (typeof(server_name) IN ('text', 'null')),
  direction TEXT NOT NULL CHECK (direction IN ('request', 'response')),
  method TEXT CHECK (typeof(method) IN ('text', 'null')),
  tool_name TEXT CHECK (typeof(tool_name) IN ('text', 'null')),
  arguments_json TEXT CHECK (typeof(arguments_json) IN ('text', 'null')),
  response_json TEXT CHECK (typeof(response_json) IN ('text', 'null')),
  verdict TEXT CHECK (verdict IN ('allow', 'deny', 'passthrough')),
  signature TEXT CHECK (typeof(signature) IN ('text', 'null')),
  prev_hash TEXT NOT NULL CHECK (typeof(prev_hash) = 'text' AND length(prev_hash) = 64),
  policy_hash TEXT CHECK (typeof(policy_hash) IN ('text', 'null')),
  session_id TEXT CHECK (typeof(session_id) IN ('text', 'null')),
  process_pid INTEGER CHECK (typeof(process_pid) IN ('integer', 'null')),
  trace_id TEXT CHECK (typeof(trace_id) IN ('text', 'null')),
  agent_id TEXT CHECK (typeof(agent_id) IN ('text', 'null')),
  agent_name TEXT CHECK (typeof(agent_name) IN ('text', 'null')),
  parent_agent_id TEXT CHECK (typeof(parent_agent_id) IN ('text', 'null')),
  agent_depth INTEGER CHECK (typeof(agent_depth) IN ('integer', 'null')),
  risk_score REAL CHECK (typeof(risk_score) IN ('real', 'null')),
  risk_level TEXT CHECK (typeof(risk_level) IN ('text', 'null')),
  behavioral_flags TEXT CHECK (typeof(behavioral_flags) IN ('text', 'null')),
  score_decomposition TEXT CHECK (typeof(score_decomposition) IN ('text', 'null')),
  tool_use_id TEXT CHECK (typeof(tool_use_id) IN ('text', 'null')),
  parent_session_id TEXT CHECK (typeof(parent_session_id) IN ('text', 'null')),
  row_hash TEXT NOT NULL CHECK (typeof(row_hash) = 'text' AND length(row_hash) = 64)
);

CREATE INDEX audit_log_session ON audit_log (session_id) WHERE session_id IS NOT NULL;
CREATE INDEX audit_log_tool_use ON audit_log (tool_use_id) WHERE tool_use_id IS NOT NULL;

CREATE TABLE audit_checkpoint (
  id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id BETWEEN 1 AND 9007199254740991),
  upto_id INTEGER NOT NULL CHECK (typeof(upto_id) = 'integer'),
  row_hash TEXT NOT NULL CHECK (typeof(row_hash) = 'text' AND length(row_hash) = 64),
  row_count INTEGER NOT NULL CHECK (typeof(row_count) = 'integer'),
  timestamp TEXT NOT NULL CHECK (typeof(timestamp) = 'text'),
  key_id TEXT CHECK (typeof(key_id) IN ('text', 'null')),
  signature TEXT CHECK (typeof(signature) IN ('text', 'null'))
);

CREATE TABLE audit_key (
  key_id TEXT PRIMARY KEY NOT NULL CHECK (typeof(key_id) = 'text'),
  public_key TEXT NOT NULL CHECK (typeof(public_key) = 'text'),
  valid_from TEXT NOT NULL CHECK (typeof(valid_from) = 'text'),
  valid_to TEXT CHECK (typeof(valid_to) IN ('text', 'null'))
);

-- Triggers keep honest software honest; the chain is what shows the rest. The one before INSERT
-- also stops INSERT OR REPLACE, which deletes without firing a DELETE trigger.
CREATE TRIGGER audit_log_next BEFORE INSERT ON audit_log
WHEN NEW.id IS NOT (SELECT coalesce(max(id), 0) + 1 FROM audit_log)
BEGIN SELECT RAISE(ABORT, 'audit_log is append-only: ids have no gaps'); END;
CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log
BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END;
CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log
BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END;

CREATE TRIGGER audit_checkpoint_next BEFORE INSERT ON audit_checkpoint
WHEN NEW.id IS NOT (SELECT coalesce(max(id), 0) + 1 FROM audit_checkpoint)
BEGIN SELECT RAISE(ABORT, 'audit_checkpoint is append-only: ids have no gaps'); END;
CREATE TRIGGER audit_checkpoint_no_update BEFORE UPDATE ON audit_checkpoint
BEGIN SELECT RAISE(ABORT, 'audit_checkpoint is append-only'); END;
CREATE TRIGGER audit_checkpoint_no_delete BEFORE DELETE ON audit_checkpoint
BEGIN SELECT RAISE(ABORT, 'audit_checkpoint is append-only'); END;

CREATE TRIGGER audit_key_once BEFORE INSERT ON audit_key
WHEN EXISTS (SELECT 1 FROM audit_key WHERE key_id = NEW.key_id)
BEGIN SELECT RAISE(ABORT, 'audit_key is append-only'); END;
CREATE TRIGGER audit_key_retire_only BEFORE UPDATE ON audit_key
WHEN OLD.valid_to IS NOT NULL OR NEW.valid_to IS NULL OR NEW.key_id IS NOT OLD.key_id
  OR NEW.public_key IS NOT OLD.public_key OR NEW.valid_from IS NOT OLD.valid_from
BEGIN SELECT RAISE(ABORT, 'audit_key is append-only: a key can only be retired, once'); END;
CREATE TRIGGER audit_key_no_delete BEFORE DELETE ON audit_key
BEGIN SELECT RAISE(ABORT, 'audit_key is append-only'); END;

-- A tool call and its result are two rows with one tool_use_id. The call is the row that carries
-- arguments; the result is the first later row of that session that carries none.
CREATE VIEW tool_calls AS
SELECT
  c.id AS call_id,
  r.id AS result_id,
  c.tool_use_id AS tool_use_id,
  c.session_id AS session_id,
  c.timestamp AS called_at,
  r.timestamp AS answered_at,
  c.server_name AS server_name,
  c.tool_name AS tool_name,
  c.arguments_json AS arguments_json,
  r.response_json AS response_json,
  c.verdict AS verdict,
  c.process_pid AS process_pid,
  c.agent_id AS agent_id,
  c.agent_name AS agent_name,
  c.risk_score AS risk_score,
  c.risk_level AS risk_level
FROM audit_log AS c
LEFT JOIN audit_log AS r ON r.id = (
  SELECT min(x.id) FROM audit_log AS x
  WHERE x.tool_use_id = c.tool_use_id AND x.session_id IS c.session_id
    AND x.arguments_json IS NULL AND x.id > c.id)
WHERE c.tool_use_id IS NOT NULL AND c.arguments_json IS NOT NULL;

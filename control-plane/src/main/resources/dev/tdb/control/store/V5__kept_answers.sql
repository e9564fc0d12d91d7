-- What was answered to requests that name themselves by a key of their caller. id is a digest of the name.
-- state: running, answered, or too_long when the answer was not kept. request (a digest of the body) and answer are
-- encrypted: answers hold secrets that are shown once.
CREATE TABLE kept_answers (
    id      TEXT PRIMARY KEY,
    caller  TEXT NOT NULL,
    state   TEXT NOT NULL,
    request TEXT NOT NULL,
    answer  TEXT NOT NULL,
    bytes   BIGINT NOT NULL,
    made_at BIGINT NOT NULL
);
CREATE INDEX kept_answers_by_time ON kept_answers (made_at);
CREATE INDEX kept_answers_of_caller ON kept_answers (caller, made_at, bytes);

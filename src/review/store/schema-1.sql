-- The review store, first form. Times are milliseconds since 1970 in UTC. Texts that an erasure removes stand in columns
-- and tables of their own; what stays is fixed by triggers.

CREATE TABLE reviewers (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE reviews (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    model TEXT,
    source_kind TEXT NOT NULL,
    source_name TEXT,
    source_id TEXT,
    -- Number of the claim that is made next: ids are never used again.
    next_claim INTEGER NOT NULL DEFAULT 1,
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    erased_at INTEGER,
    -- What is long stands last, so that a list of reviews does not read it.
    text TEXT NOT NULL,
    prompt TEXT,
    metadata TEXT NOT NULL
) STRICT;

CREATE TABLE claims (
    review TEXT NOT NULL REFERENCES reviews (id),
    id TEXT NOT NULL,
    number INTEGER NOT NULL,
    "start" INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    text TEXT NOT NULL,
    claim TEXT NOT NULL,
    context TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    origin TEXT NOT NULL,
    checkworthy INTEGER NOT NULL,
    removed INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (review, id),
    CHECK ("start" >= 0 AND "start" < "end")
) STRICT;

-- One line of the log of verdicts: `record` is the canonical JSON that `id` is the SHA-256 of; the other columns are read
-- from it, so that they cannot say anything else.
CREATE TABLE verdicts (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    record TEXT NOT NULL,
    review TEXT NOT NULL GENERATED ALWAYS AS (json_extract(record, '$.review')) STORED,
    claim TEXT NOT NULL GENERATED ALWAYS AS (json_extract(record, '$.claim')) STORED,
    reviewer TEXT NOT NULL GENERATED ALWAYS AS (json_extract(record, '$.reviewer.id')) STORED,
    previous TEXT GENERATED ALWAYS AS (json_extract(record, '$.previous')) STORED,
    task TEXT NOT NULL GENERATED ALWAYS AS (json_extract(record, '$.task')) STORED,
    verdict TEXT GENERATED ALWAYS AS (json_extract(record, '$.verdict')) STORED,
    asks INTEGER NOT NULL GENERATED ALWAYS AS (json_extract(record, '$.needs_adjudication')) STORED,
    FOREIGN KEY (review, claim) REFERENCES claims (review, id),
    FOREIGN KEY (previous) REFERENCES verdicts (id),
    FOREIGN KEY (reviewer) REFERENCES reviewers (id)
) STRICT;
CREATE INDEX verdicts_of_a_claim ON verdicts (review, claim, reviewer, seq);
-- A chain has one beginning and no forks, whoever writes.
CREATE UNIQUE INDEX one_first_verdict ON verdicts (review, claim, reviewer) WHERE previous IS NULL;
CREATE UNIQUE INDEX one_next_verdict ON verdicts (previous) WHERE previous IS NOT NULL;

-- The texts of verdicts: feedback as JSON, searches as a JSON list. They go when the review is erased.
CREATE TABLE verdict_texts (
    verdict TEXT PRIMARY KEY REFERENCES verdicts (id),
    feedback TEXT,
    searches TEXT
) STRICT;

CREATE TABLE drafts (
    review TEXT NOT NULL,
    claim TEXT NOT NULL,
    reviewer TEXT NOT NULL REFERENCES reviewers (id),
    version INTEGER NOT NULL,
    -- NULL where it was thrown away: its versions go on, so that an old tab cannot bring it back unseen.
    body TEXT,
    at INTEGER NOT NULL,
    PRIMARY KEY (review, claim, reviewer),
    FOREIGN KEY (review, claim) REFERENCES claims (review, id)
) STRICT;

CREATE TABLE assignments (
    review TEXT NOT NULL REFERENCES reviews (id),
    reviewer TEXT NOT NULL REFERENCES reviewers (id),
    task TEXT NOT NULL,
    blind INTEGER NOT NULL,
    assigned_at INTEGER NOT NULL,
    submitted_at INTEGER,
    -- The last line of the log when it was submitted: what was decided without sight of the others.
    submitted_seq INTEGER,
    PRIMARY KEY (review, reviewer, task)
) STRICT;

CREATE TABLE assessments (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    review TEXT NOT NULL REFERENCES reviews (id),
    reviewer TEXT NOT NULL REFERENCES reviewers (id),
    role TEXT NOT NULL,
    at INTEGER NOT NULL,
    rubric TEXT NOT NULL,
    ratings TEXT NOT NULL,
    note TEXT
) STRICT;
CREATE INDEX assessments_of_a_review ON assessments (review, seq);

CREATE TABLE evidence (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    review TEXT NOT NULL,
    claim TEXT NOT NULL,
    snapshot TEXT NOT NULL,
    engine TEXT NOT NULL,
    request TEXT NOT NULL,
    result TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    FOREIGN KEY (review, claim) REFERENCES claims (review, id)
) STRICT;
CREATE INDEX evidence_of_a_claim ON evidence (review, claim, seq);

-- Work that has to be done even if the program dies meanwhile: `scrub`, to clear erased texts out of the file's free space.
CREATE TABLE chores (name TEXT PRIMARY KEY) STRICT;

CREATE TRIGGER verdicts_are_not_changed BEFORE UPDATE ON verdicts
BEGIN SELECT RAISE(ABORT, 'verdicts are append-only'); END;
CREATE TRIGGER verdicts_are_not_deleted BEFORE DELETE ON verdicts
BEGIN SELECT RAISE(ABORT, 'verdicts are append-only'); END;

CREATE TRIGGER texts_of_verdicts_are_not_changed BEFORE UPDATE ON verdict_texts
BEGIN SELECT RAISE(ABORT, 'texts of verdicts are append-only'); END;
CREATE TRIGGER texts_of_verdicts_go_with_the_review BEFORE DELETE ON verdict_texts
WHEN (SELECT reviews.erased_at FROM verdicts JOIN reviews ON reviews.id = verdicts.review
      WHERE verdicts.id = OLD.verdict) IS NULL
BEGIN SELECT RAISE(ABORT, 'texts of verdicts are append-only'); END;

CREATE TRIGGER a_judged_span_stays BEFORE UPDATE OF review, id, "start", "end", sha256 ON claims
WHEN EXISTS (SELECT 1 FROM verdicts WHERE verdicts.review = OLD.review AND verdicts.claim = OLD.id)
BEGIN SELECT RAISE(ABORT, 'a claim with a verdict keeps its span'); END;
CREATE TRIGGER claims_are_not_deleted BEFORE DELETE ON claims
BEGIN SELECT RAISE(ABORT, 'claims are removed, not deleted'); END;

CREATE TRIGGER reviews_are_not_deleted BEFORE DELETE ON reviews
BEGIN SELECT RAISE(ABORT, 'reviews are erased, not deleted'); END;
CREATE TRIGGER a_response_stays BEFORE UPDATE OF id, sha256 ON reviews
BEGIN SELECT RAISE(ABORT, 'a response keeps its digest'); END;
CREATE TRIGGER an_erasure_stays BEFORE UPDATE OF erased_at ON reviews WHEN OLD.erased_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'an erased review stays erased'); END;

CREATE TRIGGER assessments_are_not_deleted BEFORE DELETE ON assessments
BEGIN SELECT RAISE(ABORT, 'assessments are append-only'); END;
CREATE TRIGGER assessments_are_not_changed BEFORE UPDATE OF review, reviewer, role, at, rubric, ratings ON assessments
BEGIN SELECT RAISE(ABORT, 'assessments are append-only'); END;

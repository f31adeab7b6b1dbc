PRAGMA journal_mode = WAL;
BEGIN TRANSACTION;
CREATE TABLE alarms (
    number INTEGER PRIMARY KEY, alert TEXT NOT NULL, article TEXT NOT NULL, at REAL NOT NULL,
    value TEXT NOT NULL,
    delivered INTEGER NOT NULL, tries INTEGER NOT NULL, next_try REAL NOT NULL,
    UNIQUE (alert, article)
);
INSERT INTO "alarms" VALUES(1,'harbour','a1',1717243200.0,'{"alert": "harbour", "id": "a1", "at": "2024-06-01T12:00:00Z", "title": "Strike", "url": "https://paper.example/strike", "source": "Paper", "published": "2024-06-01T12:00:00Z", "words": ["strike"], "summary": "All out."}',0,0,1717243320.0);
INSERT INTO "alarms" VALUES(2,'ferry','a2',1717243200.0,'{"alert": "ferry", "id": "a2", "at": "2024-06-01T12:00:00Z", "title": "Ferry", "url": "", "source": "", "published": null, "words": [], "summary": ""}',1,0,1717243320.0);
CREATE TABLE alerts (
    name TEXT PRIMARY KEY, query TEXT NOT NULL, added REAL NOT NULL, webhook TEXT NOT NULL,
    command TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO "alerts" VALUES('ferry','ferry match:any',1717243200.0,'','mail desk');
INSERT INTO "alerts" VALUES('harbour','harbour strike',1717243200.0,'https://desk.example/hook','');
CREATE TABLE counters (name TEXT PRIMARY KEY, value REAL NOT NULL) WITHOUT ROWID;
INSERT INTO "counters" VALUES('bytes',1000.0);
INSERT INTO "counters" VALUES('records',3.0);
CREATE TABLE entries (
    feed TEXT NOT NULL, key TEXT NOT NULL, hash TEXT NOT NULL, moment REAL NOT NULL,
    PRIMARY KEY (feed, key)
) WITHOUT ROWID;
INSERT INTO "entries" VALUES('https://me:secret@paper.example/feed','k1','m1',1717243200.0);
INSERT INTO "entries" VALUES('https://me:secret@paper.example/feed','k2','m2',1717156800.0);
CREATE TABLE feeds (
    url TEXT PRIMARY KEY, mode TEXT NOT NULL, added REAL NOT NULL, next_try REAL NOT NULL,
    title TEXT NOT NULL,
    site TEXT NOT NULL, etag TEXT NOT NULL, modified TEXT NOT NULL, digest TEXT NOT NULL,
    record TEXT NOT NULL,
    checked REAL, succeeded REAL, failures INTEGER NOT NULL, problem TEXT NOT NULL,
    interval REAL NOT NULL,
    gone INTEGER NOT NULL, moved_from TEXT NOT NULL, skip_hours TEXT NOT NULL,
    skip_days TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO "feeds" VALUES('https://gone.example/feed','entry',1717243200.0,1717243200.0,'','','','','','',NULL,NULL,0,'',0.0,1,'[]','[]','[]');
INSERT INTO "feeds" VALUES('https://me:secret@paper.example/feed','page',1717243200.0,1717246800.0,'Paper','https://paper.example/','"1"','Sat, 01 Jun 2024 13:00:00 GMT','sha1:A','<urn:uuid:1>',1717243200.0,1717243200.0,2,'cut off by its server',600.0,0,'["https://old.example/é", "https://me:secret@paper.example/feed"]','[1, 23]','[5, 6]');
CREATE TABLE holds (host TEXT PRIMARY KEY, until REAL NOT NULL) WITHOUT ROWID;
INSERT INTO "holds" VALUES('busy.example',1717246800.0);
CREATE TABLE pages (
    key TEXT PRIMARY KEY, url TEXT NOT NULL, host TEXT NOT NULL, feed TEXT NOT NULL,
    entry TEXT NOT NULL, next_try REAL,
    tries INTEGER NOT NULL, checks INTEGER NOT NULL, problem TEXT NOT NULL, etag TEXT NOT NULL,
    modified TEXT NOT NULL,
    digest TEXT NOT NULL, record TEXT NOT NULL, fetched REAL, final TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO "pages" VALUES('gone.example/a','https://gone.example/a','gone.example','https://gone.example/feed','{}',NULL,0,0,'','','','','',NULL,'');
INSERT INTO "pages" VALUES('paper.example/ferry','https://paper.example/ferry','paper.example','https://me:secret@paper.example/feed','{"headline": "Fähre", "dates": [["a", "b"]]}',1717243200.0,1,2,'the server answered 503','"2"','','sha1:B','<urn:uuid:2>',1717243200.0,'paper.example/ferry-2');
CREATE TABLE robots (origin TEXT PRIMARY KEY, fetched REAL NOT NULL, rules TEXT) WITHOUT ROWID;
INSERT INTO "robots" VALUES('https://down.example',1717243200.0,NULL);
INSERT INTO "robots" VALUES('https://paper.example',1717243200.0,'User-agent: *
Disallow: /private');
CREATE INDEX moved_feeds ON feeds (moved_from) WHERE moved_from <> '[]';
CREATE INDEX entries_by_moment ON entries (feed, moment);
CREATE INDEX pages_by_next_try ON pages (next_try) WHERE next_try IS NOT NULL;
CREATE INDEX pages_by_final ON pages (final);
CREATE INDEX alarms_to_deliver ON alarms (next_try) WHERE delivered = 0;
CREATE INDEX alarms_by_alert ON alarms (alert, number);
COMMIT;
PRAGMA user_version = 2;

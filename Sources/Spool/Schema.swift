/// The tables, and how older ones become these.
///
/// What only the compressed headers can tell is nowhere else: an open instance is one row of `arrival`, a sealed one a
/// part of a block. `arrival` is its own index, so that a commit of one study's rows writes one page.
/// `PRAGMA user_version` numbers the schema.
///
/// | table | a row is |
/// |---|---|
/// | `study`, `series` | a study of one source; a series of it, with the arrival that is its key |
/// | `state` | one word that studies are called, and how many are |
/// | `arrival`, `block` | a header that is not sealed; the sealed ones of a part of a study |
/// | `mark` | when an arrival came, one a minute |
/// | `attributes` | a text that many rows have: of arrivals, SOP classes, transfer syntaxes |
/// | `counter` | the one: numbers up to these may have been given, of arrivals and of files of images |
/// | `trace` | a number by which a study is found |
/// | `document`, `delivery` | a document; one that is to be sent, or was given up, at one destination |
/// | `standing`, `need` | what a destination holds of a study; a document that is kept for it |
/// | `quarantine`, `event` | bytes that were no instance; a line of a study's history |
/// | `destination` | the name of one that images go to (`place` elsewhere), and what an operator said of it |
/// | `lineage` | a study of which a destination may hold images |
/// | `image` | a file in the folder of images: whole and durable as long as the row is there |
/// | `image_delivery` | an image that is to be sent, was sent or given up, at one destination; withheld: 1, 2 for a later copy |
/// | `image_count` | sums of a destination's `image_delivery`, kept by triggers |
/// | `omission` | why so many images of a study were not kept for a destination, with the line of its history that says so |
///
/// `image_due` holds only what may be sent now, in the order of sending: however much is withheld, postponed, sent or
/// dead, none of it is passed over to find what is due.
enum Schema {
    static let version = migrations.count

    /// "KOSG": says to `file` and to us that the database is a spool.
    static let applicationID: Int64 = 0x4B4F_5347

    /// `migrations[n]` leads from version n to n + 1. What is released is never changed, only added to.
    static let migrations = [
        """
        CREATE TABLE study (
            id INTEGER PRIMARY KEY, source TEXT NOT NULL, uid TEXT NOT NULL, first_received INTEGER NOT NULL,
            settled_through INTEGER, settled_at INTEGER, hold TEXT, record BLOB, UNIQUE (uid, source));
        CREATE INDEX study_hold ON study (id) WHERE hold IS NOT NULL;
        CREATE TABLE series (
            id INTEGER PRIMARY KEY, study INTEGER NOT NULL, uid TEXT NOT NULL, key INTEGER, UNIQUE (study, uid));
        CREATE TABLE attributes (id INTEGER PRIMARY KEY, value TEXT NOT NULL UNIQUE);
        CREATE TABLE arrival (
            study INTEGER NOT NULL, id INTEGER NOT NULL, series INTEGER NOT NULL, attributes INTEGER NOT NULL,
            key_distance INTEGER NOT NULL, header BLOB NOT NULL, PRIMARY KEY (study, id)) WITHOUT ROWID;
        CREATE TABLE block (
            id INTEGER PRIMARY KEY, study INTEGER NOT NULL, last INTEGER NOT NULL, count INTEGER NOT NULL,
            bytes INTEGER NOT NULL, content BLOB NOT NULL);
        CREATE INDEX block_study ON block (study);
        CREATE TABLE counter (last_arrival INTEGER NOT NULL);
        INSERT INTO counter VALUES (0);
        CREATE TABLE document (
            id INTEGER PRIMARY KEY, study INTEGER NOT NULL, identity TEXT NOT NULL, version TEXT NOT NULL,
            file_name TEXT NOT NULL, written INTEGER NOT NULL, content BLOB NOT NULL);
        CREATE INDEX document_study ON document (study);
        CREATE TABLE delivery (
            id INTEGER PRIMARY KEY, document INTEGER NOT NULL, destination TEXT NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0, postponed_until INTEGER, last_error TEXT);
        CREATE INDEX delivery_destination ON delivery (destination);
        CREATE INDEX delivery_document ON delivery (document);
        CREATE TABLE quarantine (
            id INTEGER PRIMARY KEY, at INTEGER NOT NULL, reason TEXT NOT NULL, sender TEXT NOT NULL,
            attributes TEXT NOT NULL, bytes INTEGER NOT NULL, content BLOB NOT NULL);
        CREATE TABLE event (
            id INTEGER PRIMARY KEY, study INTEGER NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL,
            detail TEXT NOT NULL);
        CREATE INDEX event_study ON event (study);
        """,
        // A delivery of version 1 may have been tried: nothing says that it was not. AUTOINCREMENT, so that the number of
        // a withdrawn delivery never means another one to who still sends it. One index of `series` serves both questions.
        """
        CREATE TABLE state (id INTEGER PRIMARY KEY, name TEXT UNIQUE, studies INTEGER NOT NULL DEFAULT 0);
        INSERT INTO state SELECT 0, NULL, count(*) FROM study;
        ALTER TABLE study ADD COLUMN state INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE study ADD COLUMN changed_at INTEGER NOT NULL DEFAULT 0;
        UPDATE study SET changed_at = coalesce(settled_at, first_received);
        CREATE INDEX study_state ON study (state, source, changed_at);
        CREATE TRIGGER study_added AFTER INSERT ON study BEGIN
            UPDATE state SET studies = studies + 1 WHERE id = new.state;
        END;
        CREATE TRIGGER study_moved AFTER UPDATE OF state ON study WHEN old.state <> new.state BEGIN
            UPDATE state SET studies = studies - 1 WHERE id = old.state;
            UPDATE state SET studies = studies + 1 WHERE id = new.state;
        END;
        CREATE TABLE series_2 (id INTEGER PRIMARY KEY, study INTEGER NOT NULL, uid TEXT NOT NULL, key INTEGER);
        INSERT INTO series_2 SELECT id, study, uid, key FROM series ORDER BY id;
        DROP TABLE series;
        ALTER TABLE series_2 RENAME TO series;
        CREATE UNIQUE INDEX series_uid ON series (uid, study);
        CREATE INDEX series_study ON series (study);
        CREATE TABLE mark (arrival INTEGER PRIMARY KEY, at INTEGER NOT NULL);
        CREATE TABLE delivery_2 (
            id INTEGER PRIMARY KEY AUTOINCREMENT, document INTEGER NOT NULL, destination TEXT NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0, begun INTEGER NOT NULL DEFAULT 0, postponed_until INTEGER,
            last_error TEXT, answer TEXT, dead_since INTEGER);
        INSERT INTO delivery_2 SELECT id, document, destination, attempts, 1, postponed_until, last_error, NULL, NULL
            FROM delivery ORDER BY id;
        DROP TABLE delivery;
        ALTER TABLE delivery_2 RENAME TO delivery;
        CREATE INDEX delivery_destination ON delivery (destination);
        CREATE INDEX delivery_document ON delivery (document);
        CREATE INDEX delivery_dead ON delivery (dead_since) WHERE dead_since IS NOT NULL;
        CREATE TABLE standing (
            study INTEGER NOT NULL, destination TEXT NOT NULL, record BLOB NOT NULL, PRIMARY KEY (study, destination))
            WITHOUT ROWID;
        CREATE TABLE need (
            document INTEGER NOT NULL, destination TEXT NOT NULL, PRIMARY KEY (document, destination)) WITHOUT ROWID;
        """,
        """
        CREATE TABLE trace (key INTEGER NOT NULL, study INTEGER NOT NULL, PRIMARY KEY (key, study)) WITHOUT ROWID;
        CREATE TABLE destination (
            id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, mode TEXT, mode_by TEXT, mode_why TEXT, mode_at INTEGER);
        CREATE TABLE lineage (
            study INTEGER NOT NULL, place INTEGER NOT NULL, PRIMARY KEY (study, place)) WITHOUT ROWID;
        ALTER TABLE counter ADD COLUMN last_image INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE image (
            id INTEGER PRIMARY KEY, study INTEGER NOT NULL, arrival INTEGER, instance TEXT NOT NULL,
            sop_class INTEGER NOT NULL, transfer_syntax INTEGER NOT NULL, head_bytes INTEGER NOT NULL,
            bytes INTEGER NOT NULL, stored_bytes INTEGER NOT NULL, compressed INTEGER NOT NULL,
            checksum INTEGER NOT NULL, queued_at INTEGER NOT NULL);
        CREATE TABLE image_delivery (
            place INTEGER NOT NULL, study INTEGER NOT NULL, image INTEGER NOT NULL, later INTEGER NOT NULL,
            barrier INTEGER NOT NULL, withheld INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
            postponed_until INTEGER, last_error TEXT, answer TEXT, dead_since INTEGER, sent_in TEXT, sent_at INTEGER,
            PRIMARY KEY (place, study, image)) WITHOUT ROWID;
        CREATE INDEX image_due ON image_delivery (place, later, study, image)
            WHERE withheld = 0 AND postponed_until IS NULL AND dead_since IS NULL AND sent_in IS NULL;
        CREATE INDEX image_instance ON image (study, instance);
        CREATE INDEX image_postponed ON image_delivery (place, postponed_until) WHERE postponed_until IS NOT NULL;
        CREATE INDEX image_barrier ON image_delivery (place, study, image) WHERE barrier = 1 AND sent_in IS NULL;
        CREATE INDEX image_dead ON image_delivery (dead_since, image) WHERE dead_since IS NOT NULL;
        CREATE INDEX image_sent_in ON image_delivery (sent_in) WHERE sent_in IS NOT NULL;
        CREATE INDEX image_sent_at ON image_delivery (place, sent_at) WHERE sent_in IS NOT NULL;
        CREATE TABLE image_count (
            place INTEGER PRIMARY KEY, depth INTEGER NOT NULL DEFAULT 0, bytes INTEGER NOT NULL DEFAULT 0,
            stored_bytes INTEGER NOT NULL DEFAULT 0, withheld INTEGER NOT NULL DEFAULT 0,
            sent INTEGER NOT NULL DEFAULT 0, dead INTEGER NOT NULL DEFAULT 0);
        CREATE TRIGGER destination_added AFTER INSERT ON destination BEGIN
            INSERT INTO image_count (place) VALUES (new.id);
        END;
        CREATE TRIGGER image_added AFTER INSERT ON image_delivery BEGIN
            UPDATE image_count SET depth = depth + 1, withheld = withheld + new.withheld,
                bytes = bytes + (SELECT image.bytes FROM image WHERE id = new.image),
                stored_bytes = stored_bytes + (SELECT image.stored_bytes FROM image WHERE id = new.image)
                WHERE place = new.place;
        END;
        CREATE TRIGGER image_removed AFTER DELETE ON image_delivery BEGIN
            UPDATE image_count SET
                depth = depth - (old.dead_since IS NULL AND old.sent_in IS NULL),
                bytes = bytes - (old.dead_since IS NULL AND old.sent_in IS NULL)
                    * (SELECT image.bytes FROM image WHERE id = old.image),
                stored_bytes = stored_bytes - (SELECT image.stored_bytes FROM image WHERE id = old.image),
                withheld = withheld - (old.dead_since IS NULL AND old.sent_in IS NULL AND old.withheld),
                sent = sent - (old.sent_in IS NOT NULL), dead = dead - (old.dead_since IS NOT NULL)
                WHERE place = old.place;
        END;
        CREATE TRIGGER image_changed AFTER UPDATE OF withheld, dead_since, sent_in ON image_delivery BEGIN
            UPDATE image_count SET
                depth = depth - (old.dead_since IS NULL AND old.sent_in IS NULL)
                    + (new.dead_since IS NULL AND new.sent_in IS NULL),
                bytes = bytes + ((new.dead_since IS NULL AND new.sent_in IS NULL)
                    - (old.dead_since IS NULL AND old.sent_in IS NULL))
                    * (SELECT image.bytes FROM image WHERE id = new.image),
                withheld = withheld - (old.dead_since IS NULL AND old.sent_in IS NULL AND old.withheld)
                    + (new.dead_since IS NULL AND new.sent_in IS NULL AND new.withheld),
                sent = sent - (old.sent_in IS NOT NULL) + (new.sent_in IS NOT NULL),
                dead = dead - (old.dead_since IS NOT NULL) + (new.dead_since IS NOT NULL)
                WHERE place = new.place;
        END;
        """,
        """
        CREATE TABLE omission (
            id INTEGER PRIMARY KEY, place INTEGER NOT NULL, study INTEGER NOT NULL, reason TEXT NOT NULL,
            event INTEGER NOT NULL, images INTEGER NOT NULL, passing INTEGER NOT NULL, UNIQUE (place, study, reason));
        """,
    ]

    /// The head of a query on `open (study)`: one step in the tree per study, not one per arrival.
    static let openStudies = """
        WITH RECURSIVE open (study) AS (
            SELECT min(study) FROM arrival
            UNION ALL SELECT (SELECT min(arrival.study) FROM arrival WHERE arrival.study > open.study) FROM open
            WHERE open.study IS NOT NULL)
        """

    /// Refuses what is not ours or too new, without a change to any file; then migrates.
    static func prepare(_ connection: Connection, path: String) throws(SpoolError) {
        connection.setCheckpointsOnClose(false)
        let found = Int(try connection.integer("PRAGMA user_version"))
        guard found <= version else { throw .newerSchema(path: path, found: found, supported: version) }
        let tables = try connection.integer("SELECT count(*) FROM sqlite_schema")
        let application = try connection.integer("PRAGMA application_id")
        guard tables == 0 || application == applicationID else { throw .notASpool(path: path) }
        connection.setCheckpointsOnClose(true)
        if tables == 0 { try connection.execute("PRAGMA auto_vacuum=INCREMENTAL") }
        // FULL: the log is synced at every commit, so a committed row survives a power cut.
        try connection.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL")
        try connection.execute("PRAGMA cache_size=-2048; PRAGMA temp_store=MEMORY; PRAGMA secure_delete=FAST")
        guard found < version else { return }
        try connection.transaction { connection throws(SpoolError) in
            for migration in migrations[found...] { try connection.execute(migration) }
            try connection.execute("PRAGMA application_id=\(applicationID); PRAGMA user_version=\(version)")
        }
    }
}

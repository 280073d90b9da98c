"""The part `studies`: a spool of 2,000,000 studies, 500 of them open and some thousands held, and what is asked of it.

Only rows that a closed study leaves behind are made, by SQL: its headers, packed in blocks, are what `footprint` measures.
"""
import json
import os
import random
import shutil
import sqlite3
import statistics
import subprocess
import time

PACKAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "Studies")
SERIES, RECORD, STANDING, DOCUMENT = 3, 150, 250, 1000


def program(*arguments):
    command = ["swift", "run", "-c", "release", "--package-path", PACKAGE, "studies-benchmark", *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def frame(chance, count):
    """A zstd frame of one raw block with chance content, as incompressible as what is compressed already (RFC 8878)."""
    return (b"\x28\xb5\x2f\xfd\xa0" + count.to_bytes(4, "little") + (count << 3 | 1).to_bytes(3, "little")
            + chance.randbytes(count))


def rows(first, last, chance, studies, held, waiting, opened):
    """Rows of the tables `study`, `series`, `standing`, `document`, `need` and `delivery`."""
    found = {name: [] for name in ("study", "series", "standing", "document", "need", "delivery", "arrival")}
    root = "1.2.840.113619.2.55.3.2831868886"
    now = 1_700_000_000_000
    for n in range(first, last):
        uid = f"{root}.{chance.randrange(10 ** 9):09}.{chance.randrange(10 ** 9):09}.{n}"
        source = "RARE" if n == 1 else f"CT{n % 20}"
        is_held, is_open = chance.random() < held / studies, n > studies - opened
        state = 0 if is_open else 2 if is_held else 1
        found["study"].append(
            (n, source, uid, now + n, None if is_open else n, None if is_open else now + n, "accession" if is_held else None,
             None if is_open else frame(chance, RECORD), state, now + n))
        found["series"] += [(n * SERIES + s, n, f"{uid}.{s}", None) for s in range(SERIES)]
        if is_open:
            found["arrival"].append((n, n, n * SERIES, 1, 0, frame(chance, 2000)))
        elif not is_held:
            identity = f"2.25.{chance.getrandbits(127):039}"
            found["document"].append((n, n, identity, "1", f"study-{n}-v1-{identity[-8:]}.dcm", now + n, frame(chance, DOCUMENT)))
            found["standing"].append((n, "platform", frame(chance, STANDING)))
            found["need"].append((n, "platform"))
            if chance.random() < waiting / studies:
                found["delivery"].append((n, n, "platform", 0, 0, None, None, None, None))
    return found


def fill(folder, studies, held, waiting, opened):
    program("make", folder)
    chance = random.Random(1)
    with sqlite3.connect(os.path.join(folder, "spool.db")) as database:
        database.executescript("pragma journal_mode=off; pragma synchronous=off; pragma cache_size=-1500000")
        database.execute("insert into state values (1, 'published', 0), (2, 'held', 0)")
        database.execute("insert into attributes values (1, 'explicit')")
        for first in range(1, studies + 1, 20000):
            made = rows(first, min(first + 20000, studies + 1), chance, studies, held, waiting, opened)
            for table, values in made.items():
                if values:
                    database.executemany(f"insert into {table} values ({','.join('?' * len(values[0]))})", values)
        database.execute(f"update counter set last_arrival = {studies}")
        database.commit()


def forget(path):
    """The file's pages leave the cache of the system: the next reader finds a cold disk."""
    with open(path, "rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def bytes_by_table(path, studies):
    try:
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
            return {name: size / studies for name, size in database.execute("select name, sum(pgsize) from dbstat group by name")}
    except sqlite3.OperationalError:
        return {}


def measure(work, rounds, studies=2_000_000, held=5_000, waiting=100_000, opened=500):
    folder = os.path.join(work, "studies")
    shutil.rmtree(folder, ignore_errors=True)
    began = time.monotonic()
    fill(folder, studies, held, waiting, opened)
    filled = time.monotonic() - began
    path = os.path.join(folder, "spool.db")
    size = os.path.getsize(path)
    runs = []
    for _ in range(max(rounds, 3)):
        forget(path)
        runs.append(json.loads(program("measure", folder)))
    warm = json.loads(program("measure", folder))
    tables = bytes_by_table(path, studies)
    shutil.rmtree(folder)
    return {name: statistics.median(run[name] for run in runs) for name in warm}, warm, size, filled, tables


def figures(work, rounds, studies=2_000_000):
    cold, warm, size, filled, tables = measure(work, rounds, studies)
    content = RECORD + STANDING + DOCUMENT
    row = lambda name, goal="–": (f"{cold[name]:.1f} ms cold, {warm[name]:.1f} ms warm", goal)
    print(json.dumps({"cold": cold, "warm": warm, "bytes a study by table": tables}), flush=True)
    return {
        f"a spool of {studies:,} studies opens in": row("open", "< 200 ms"),
        f"… its {warm['count open']} open studies": row("open studies"),
        f"… its {warm['count held']} held studies, all": row("held", "< 1 s"),
        "… the held ones of one source": row("held of one source", "< 1 s"),
        "… the last 100 published": row("published, 100", "< 1 s"),
        "… those of a source with one study": row("published of a rare source, 100", "< 1 s"),
        "… counts by state": row("counts"),
        f"… summary of an outbox of {warm['count depth']:,}": row("outbox summary"),
        "… 1,000 of its deliveries": row("pending, 1,000"),
        "… studies that share a series": row("sharing"),
        "… settle, begin, acknowledge": (
            ", ".join(f"{warm[name]:.1f}" for name in ("settle", "begin", "acknowledge")) + " ms", "–"),
        "… peak memory after the listings, and after all pages of the outbox": (
            f"{warm['memory after listing']:.1f}, {warm['memory after paging']:.1f} MiB", "–"),
        "… bytes for each closed study, without its headers": (
            f"{size / studies:.0f}, of which {content} are its record, standing and manifest", "–"),
        "… filled in": (f"{filled:.0f} s", "–"),
    }

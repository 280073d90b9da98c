"""Real peers against the release binary. Usage: run.py [PART OF A TEST'S NAME…]"""
import csv
import os
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Peers"))

import cases
import documents
import images
import journal
import network
import platforms
import queries
import scenarios

shared = os.environ.get("KOSGATE_SHARED", "")
folder = os.path.join(shared, "corpus")
cases.wanted = sys.argv[1:]

documents.binary()
with tempfile.TemporaryDirectory() as place:
    documents.failures(place)
if os.path.isdir(folder):
    corpus = sorted(os.path.join(folder, name) for name in os.listdir(folder) if not name.endswith(".tsv"))
    with open(os.path.join(shared, "kos", "storage_sop_classes.csv")) as file:
        types = {row["uid"]: row["value_type"] for row in csv.DictReader(file)}
    documents.check(shared)
    documents.made(corpus, types)
    network.run(corpus, types)
else:
    corpus = []
    cases.skip("everything that needs the corpus", f"there is no {folder}")
    network.echo()
platforms.run()
queries.run()
scenarios.run()
images.run(corpus)
journal.run()
cases.close()

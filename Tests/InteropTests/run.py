"""Real peers against the release binary. Usage: run.py [PART OF A TEST'S NAME…]"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Peers"))

import cases
import documents
import network

shared = os.environ.get("KOSGATE_SHARED", "")
folder = os.path.join(shared, "corpus")
cases.wanted = sys.argv[1:]

if os.path.isdir(folder):
    corpus = sorted(os.path.join(folder, name) for name in os.listdir(folder) if not name.endswith(".tsv"))
    documents.check(shared)
    network.run(shared, corpus)
else:
    cases.skip("everything that needs the corpus", f"there is no {folder}")
    network.echo()
cases.close()

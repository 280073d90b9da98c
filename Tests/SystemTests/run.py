"""The gateway as a service: what it says to its supervisor, its unit files, and all of it in a system that is booted.

Usage: run.py [PART…], of `PARTS`.
"""
import os
import sys

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "..", "Peers"))

import boot
import cases
import protocol
import units

PARTS = {"units": units.run, "protocol": protocol.run, "boot": boot.run}
for part in sys.argv[1:] or PARTS:
    if part not in PARTS:
        sys.exit(f"{part}: no part; there are {', '.join(PARTS)}")
    PARTS[part]()
cases.close()

"""Measures kosgate beside its peers and prints tables.

  run [PART…] [--rounds N] [--scale X] [--loads L,…]   parts: receive stock huge footprint manifest idle forward; start and studies when named
"""
import argparse
import json
import os
import subprocess
import sys

import parts
from tables import receive_table

HOME = os.environ["BENCH_HOME"]
RESULTS = os.path.join(os.environ["BENCH_WORK"], "receive.jsonl")
FIGURES = os.path.join(os.environ["BENCH_WORK"], "figures.json")
RECEIVERS = [
    "kosgate", "floor-drop", "floor-spool8k-zstd3-groupsync", "storescp-tuned", "storescp-ignore-tuned", "dcmrecv-tuned",
    "dcmrecv-ignore-tuned", "orthanc-tuned",
]
LOADS = ["L1", "L2x4", "L2x20", "L3"]


def receive(rounds, scale, loads):
    """Every receiver under these loads, interleaved, with the shared bench; what was measured of others stays."""
    if os.path.exists(RESULTS):
        kept = [line for line in open(RESULTS) if json.loads(line)["load"] not in loads]
        open(RESULTS, "w").writelines(kept)
    command = f"{parts.BINARY} run --data {{dir}} --manifests {{base}}/manifests --port {{port}} --quiet-period 3600"
    subprocess.run(
        [sys.executable, os.path.join(HOME, "bench.py"), "run", "--name", "kosgate", "--ae", "KOSGATE", "--cmd", command,
         "--receivers", ",".join(RECEIVERS), "--loads", ",".join(loads), "--rounds", str(rounds), "--scale", str(scale),
         "--out", RESULTS], check=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--scale", type=float, default=1.0, help="fraction of the instances of `receive`")
    parser.add_argument("--loads", default=",".join(LOADS), help="those of `receive`: L1, L2x4, L2x20, L3")
    options = parser.parse_args()
    chosen = options.parts or ["receive", "stock", "huge", "footprint", "manifest", "idle", "forward"]
    figures = json.load(open(FIGURES)) if os.path.exists(FIGURES) else {}
    if chosen != ["table"]:
        for part in chosen:
            print(f"== {part}", flush=True)
            if part == "receive":
                receive(options.rounds, options.scale, options.loads.split(","))
            else:
                figures[part] = getattr(parts, part)(options.rounds)
                print(json.dumps(figures[part]), flush=True)
            json.dump(figures, open(FIGURES, "w"))
    if os.path.exists(RESULTS):
        receive_table(RESULTS, RECEIVERS)
    if figures:
        print("\n| figure | measured | to reach |\n|---|---|---|")
        for part in figures.values():
            for name, (value, goal) in part.items():
                print(f"| {name} | {value} | {goal} |")


main()

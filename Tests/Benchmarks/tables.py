"""The table of `receive`: medians of the rounds, and ratios to the durable floor of the same run."""
import json
import statistics

TITLES = {
    "L1": "2,000 CT of 512 KiB, 1 association", "L2x4": "2,000 CT, 4 associations",
    "L2x20": "2,000 CT, 20 associations", "L3": "20,000 instances of 8 KiB, 1 association",
}
NAMES = {
    "floor-drop": "floor in C, keeps nothing", "floor-spool8k-zstd3-groupsync": "floor in C, durable headers",
    "storescp-tuned": "DCMTK storescp", "storescp-ignore-tuned": "DCMTK storescp --ignore",
    "dcmrecv-tuned": "DCMTK dcmrecv", "dcmrecv-ignore-tuned": "DCMTK dcmrecv --ignore", "orthanc-tuned": "Orthanc",
}
DURABLE_FLOOR = "floor-spool8k-zstd3-groupsync"


def medians(runs):
    """Medians of what the table shows, of the runs that ended well."""
    good = [run for run in runs if run.get("ok")]
    if not good:
        return None
    middle = lambda fact: statistics.median(fact(run) for run in good)
    return {
        "ok": middle(lambda run: run["ok"]), "fail": sum(run.get("fail", 0) for run in good),
        "rate": middle(lambda run: run["inst_s"]), "mb": middle(lambda run: run["MB_s"]),
        "cpu": middle(lambda run: run["rcv_cpu"] / (run["MB_s"] * run["wall"] / 1000)),
        "each": middle(lambda run: run["rcv_cpu"] / run["ok"] * 1e6),
        "peak": middle(lambda run: max(run["tree_peak_kb"], run["hwm_kb"]) / 1024),
        "disk": middle(lambda run: run["disk_bytes"] / run["ok"]), "p99": middle(lambda run: run["p99_us"] / 1000),
    }


def ratio(runs, floor, fact):
    """The median of the ratios to the floor in the same round."""
    base = {run["round"]: fact(run) for run in floor if run.get("ok")}
    found = [fact(run) / base[run["round"]] for run in runs if run.get("ok") and base.get(run["round"])]
    return f"{statistics.median(found):.2f}" if found else "–"


def receive_table(path, receivers):
    runs = [json.loads(line) for line in open(path)]
    for load in TITLES:
        of = {name: [run for run in runs if run["load"] == load and run["receiver"] == name] for name in receivers}
        found = {name: medians(of[name]) for name in receivers}
        if not any(found.values()):
            continue
        print(f"\n{TITLES[load]}\n")
        print("| receiver | instances/s | MB/s | CPU s/GB | CPU µs each | CPU to durable floor | rate to durable floor |"
              " peak MiB | left bytes each | p99 ms | refused |")
        print("|" + "---|" * 11)
        for name in receivers:
            row = found[name]
            if row is None:
                continue
            cpu = ratio(of[name], of[DURABLE_FLOOR], lambda run: run["rcv_cpu"] / run["ok"])
            rate = ratio(of[name], of[DURABLE_FLOOR], lambda run: run["inst_s"])
            print(f"| {NAMES.get(name, name)} | {row['rate']:.0f} | {row['mb']:.0f} | {row['cpu']:.3f} | {row['each']:.0f}"
                  f" | {cpu} | {rate} | {row['peak']:.1f} | {row['disk']:.0f} | {row['p99']:.1f} | {row['fail']} |")

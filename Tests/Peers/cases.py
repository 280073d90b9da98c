"""The smallest harness that prints what happened: `with case("a sentence"):` and a closing line."""
import contextlib
import sys
import time
import traceback

import requestor

passed, failed, skipped = [], [], []
wanted = []


def is_wanted(name):
    return not wanted or any(part in name for part in wanted)


@contextlib.contextmanager
def case(name):
    start = time.monotonic()
    try:
        yield
    except AssertionError as error:
        failed.append(name)
        print(f"FAILED  {name}\n        {str(error)[:4000]}", flush=True)
    except Exception:
        failed.append(name)
        print(f"FAILED  {name}\n{traceback.format_exc()}", flush=True)
    else:
        passed.append(name)
        print(f"passed  {name} ({time.monotonic() - start:.1f} s)", flush=True)


def skip(name, reason):
    skipped.append(name)
    print(f"SKIPPED {name}: {reason}", flush=True)


def close():
    for name in failed:
        print(f"FAILED  {name}")
    tail = f", {len(skipped)} skipped" if skipped else ""
    print(f"{requestor.repeated} C-STORE requests of pynetdicom had no answer and were sent again")
    print(f"{len(passed)} passed, {len(failed)} failed{tail}")
    sys.exit(1 if failed else 0)


def listing(problems, most=20):
    """Problems, one a line, for an assertion's message."""
    problems = list(problems)
    rest = [f"… and {len(problems) - most} more"] if len(problems) > most else []
    return "\n        ".join([f"{len(problems)} problems:", *map(str, problems[:most]), *rest])

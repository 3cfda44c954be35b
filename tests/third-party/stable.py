"""Whether runs against one server came to the same verdicts. Usage: stable.py BASE TOKEN REPORT..."""

import json
import sys

from leftovers import leftovers

base, token, *paths = sys.argv[1:]


def verdicts(path):
    """The outcome and the broken requirements of each case, by id."""
    with open(path) as file:
        cases = json.load(file)["cases"]
    return {case["id"]: (case["outcome"], tuple(f["requirement"] for f in case["findings"])) for case in cases}


runs = [verdicts(path) for path in paths]
wrong = []
for case in sorted(set().union(*runs)):
    seen = {run.get(case) for run in runs}
    if len(seen) > 1:
        wrong.append(f"{case}: " + " / ".join(sorted(map(str, seen))))
    elif any(verdict and verdict[0] == "errored" for verdict in seen):
        wrong.append(f"{case}: errored")
wrong += leftovers(base, token)
print(f"{len(runs)} runs of {len(runs[0])} cases")
if wrong:
    sys.exit("\n".join(wrong))

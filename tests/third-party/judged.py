"""Whether a run against a server that is not ours went as argued. Usage: judged.py REPORT BASE TOKEN"""

import json
import sys

from leftovers import leftovers

path, base, token = sys.argv[1:]
with open(path) as file:
    report = json.load(file)

wrong = []
expected = 0
reached = {}
for case in report["cases"]:
    reached.setdefault(case["suite"], set()).add(case["outcome"])
    if case["outcome"] == "errored":
        wrong.append(f"errored: {case['id']}: {case.get('reason')}")
    for finding in case["findings"]:
        if finding.get("expected_because"):
            expected += 1
        elif finding["weight"] != "info":
            wrong.append(f"not argued: {case['id']} ({finding['requirement']}): {finding['message']}")
wrong += [f"argued, and gone: {line}" for line in report["gone"]]
# A suite all of whose cases ask for what the server does not offer is reached too.
wrong += [f"suite not reached: {suite}" for suite, seen in reached.items() if seen <= {"errored", "blocked"}]
wrong += [f"not deleted: {left}" for left in report["leftovers"]]
wrong += leftovers(base, token)
if report.get("aborted"):
    wrong.append(f"broken off: {report['aborted']}")

print(f"{len(report['cases'])} cases in {len(reached)} suites, {expected} argued findings")
if wrong:
    sys.exit("\n".join(wrong))

"""Compares what testers accuse the mock of with what testers.md answers.

Usage: testers.py SCIM2_TESTER_OUTPUT SCIM_SANITY_JSON TESTERS_MD
"""

import json
import re
import sys

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def of_scim2_tester(text):
    """`check: what it says`, the lines of one ERROR joined, without the values that change."""
    checks = re.split(r"^(?=(?:ERROR|CRITICAL|SUCCESS|SKIPPED|ACCEPTABLE|DEVIATION) )", text, flags=re.M)
    for check in checks:
        lines = [line.strip() for line in check.splitlines() if line.strip()]
        if not lines or not lines[0].startswith(("ERROR ", "CRITICAL ")):
            continue
        told = [line for line in lines[1:] if not line.startswith(("Patched value", "Returned value", "For further"))]
        yield f"scim2-tester: {lines[0].split(' ', 1)[1]}: " + UUID.sub("ID", " ".join(told))


def of_scim_sanity(report):
    for result in report["results"]:
        if result["status"] not in ("pass", "skip"):
            yield f"scim-sanity: {result['name']}"


with open(sys.argv[1]) as file:
    output = file.read()
if "SUCCESS" not in output:
    sys.exit(f"scim2-tester did not run:\n{output}")
with open(sys.argv[2]) as file:
    sanity = json.load(file)
with open(sys.argv[3]) as file:
    answered = set(re.findall(r"^- `(.+)`$", file.read(), flags=re.M))

told = set(of_scim2_tester(output)) | set(of_scim_sanity(sanity))
wrong = [f"not answered: {one}" for one in sorted(told - answered)]
wrong += [f"answered, and gone: {one}" for one in sorted(answered - told)]
print(f"{len(told)} accusations of the mock, {len(told & answered)} of them answered")
if wrong:
    sys.exit("\n".join(wrong))

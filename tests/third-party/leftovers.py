"""What stands on a server that was empty before scimspec ran against it."""

import json
import urllib.request


def leftovers(base, token):
    """A line for each user and group that is there."""
    found = []
    for endpoint in ("/Users", "/Groups"):
        request = urllib.request.Request(base + endpoint, headers={"Authorization": f"Bearer {token}"})
        with urllib.request.urlopen(request, timeout=10) as response:
            resources = json.load(response).get("Resources", [])
        found += [f"left on the server: {endpoint}/{one.get('id')}" for one in resources]
    return found

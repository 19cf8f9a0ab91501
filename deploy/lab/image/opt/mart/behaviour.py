"""How an application of the mart behaves just now: a file says so, which scenarios change while it runs."""
import ctypes
import json
import os
import random
import time

hoard = []


def now(name, path="/"):
    """The content of /var/lib/shop/NAME.json; nothing if it is limited to another path (`only`) or to a share of the requests."""
    try:
        with open(f"/var/lib/shop/{name}.json") as f:
            b = json.load(f)
    except (OSError, ValueError):
        return {}
    return b if path.startswith(b.get("only", "/")) and random.random() < b.get("share", 1) else {}


def suffer(b):
    """What happens to the process before it answers: leak (MB a request), delay (seconds), segfault."""
    if b.get("leak"):
        hoard.append(bytearray(os.urandom(1024) * 1024 * b["leak"]))
    time.sleep(b.get("delay", 0))
    if b.get("segfault"):
        ctypes.memset(8, 0, 1)

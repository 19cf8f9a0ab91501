"""The catalogue: a WSGI application whose behaviour a file can change while it runs (see shop.py)."""
import ctypes
import json
import time

BEHAVIOUR = "/var/lib/shop/catalog.json"
hoard = []


def behaviour():
    try:
        with open(BEHAVIOUR) as f:
            return json.load(f)
    except (OSError, ValueError):
        return {}


def app(environ, start_response):
    b = behaviour()
    path = environ["PATH_INFO"]
    if path == "/healthz":
        status = b.get("health_status", 200)
        start_response("200 OK" if status == 200 else f"{status} Service Unavailable", [("Content-Type", "text/plain")])
        return [b"ok"]
    if b.get("once") == "segfault":
        ctypes.string_at(0)
    if b.get("leak"):
        hoard.append(bytes(bytearray(b["leak"] << 20).replace(b"\0", b"x")))
    time.sleep(b.get("delay", 0))
    if b.get("status"):
        start_response(f"{b['status']} Error", [("Content-Type", "text/plain")])
        return [b"error"]
    headers = [("Content-Type", "application/json")]
    if b.get("answer") == "big_header":
        headers.append(("Set-Cookie", "session=" + "x" * 30000))
    start_response("200 OK", headers)
    return [json.dumps({"service": "catalog", "path": path}).encode()]

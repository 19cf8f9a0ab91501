"""Stock and sessions: WSGI applications (stock:stock, stock:sessions)."""
import json

import behaviour

REASON = {200: "OK", 429: "Too Many Requests", 500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout"}


def service(name):
    def answer(environ, start_response):
        path = environ["PATH_INFO"]
        if path == "/ready":
            return reply(start_response, behaviour.now(name).get("ready", 200), {"ready": True})
        b = behaviour.now(name, path)
        behaviour.suffer(b)
        headers = [("Set-Cookie", f"basket{n}=" + "a1b2c3d4" * 400) for n in range(b.get("cookies", 0))]
        return reply(start_response, b.get("status", 200), {"service": name, "path": path}, headers)
    return answer


def reply(start_response, status, body, headers=()):
    start_response(f"{status} {REASON[status]}", [("Content-Type", "application/json"), *headers])
    return [json.dumps(body).encode()]


stock, sessions = service("stock"), service("sessions")

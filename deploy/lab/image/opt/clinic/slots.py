"""Slots, triage and kiosk: ASGI applications for uvicorn (slots:slots and so on); a file can change how they answer."""
import asyncio
import json
import logging
import os
import time

import behaviour

DIRECTORY = os.environ["DIRECTORY_URL"]
log = logging.getLogger("uvicorn.error")


def service(name):
    async def answer(scope, receive, send):
        if scope["type"] != "http":
            return
        health = scope["path"] == "/healthz"
        b = behaviour.now(name, scope["path"])
        if not health:
            await asyncio.sleep(b.get("delay", 0))
            time.sleep(b.get("block", 0))
            if b.get("fails"):
                log.error("%s %s: %s answered 401", scope["method"], scope["path"], DIRECTORY)
        status = b.get("health", 200) if health else b.get("status", 200)
        body = json.dumps({"service": name, "free": 3}).encode()
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]})
        await send({"type": "http.response.body", "body": body})
    return answer


slots, triage, kiosk = service("slots"), service("triage"), service("kiosk")

"""A service on Python's own HTTP server; usage: plain.py NAME   (PORT, BIND, BACKLOG, THREADS=no from the environment)

Billing and, behind socat which speaks TLS for it, auth.
"""
import http.server
import json
import logging
import os
import sys
import threading

import behaviour

NAME = sys.argv[1]
RAW = {
    "header_name": b"HTTP/1.1 200 OK\r\nX Served By: bill-a\r\nContent-Length: 2\r\n\r\nok",
    "half_header": b"HTTP/1.1 200 OK\r\nContent-Type: text/pl",
    "banner": b"220 mail.mart.lab ESMTP ready\r\n",
    "nothing": b"",
}
log = logging.getLogger(f"mart.{NAME}")


class Ledger:
    def open(self):
        raise RuntimeError("ledger.db: page 4711 is damaged, checksum mismatch")


def die():
    try:
        Ledger().open()
    except RuntimeError:
        log.exception("ledger cannot be read")
        logging.shutdown()
        os._exit(70)


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/status":
            ready = behaviour.now(NAME).get("ready", True)
            return self.reply(200, {"state": "READY" if ready else "DRAINING"})
        b = behaviour.now(NAME, self.path)
        if b.get("exit"):
            die()
        behaviour.suffer(b)
        if b.get("raw"):
            self.close_connection = True
            self.wfile.write(RAW[b["raw"]])
        elif b.get("status"):
            log.error("%s: upstream bank gateway answered late", self.path)
            self.reply(b["status"], {"error": "bank gateway"})
        else:
            self.reply(200, {"service": NAME, "path": self.path})

    do_POST = do_GET

    def reply(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, form, *args):
        log.debug(form, *args)


def main():
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s [%(threadName)s] %(name)s - %(message)s")
    kind = http.server.HTTPServer if os.environ.get("THREADS") == "no" else http.server.ThreadingHTTPServer
    kind.request_queue_size = int(os.environ.get("BACKLOG", 64))
    server = kind((os.environ.get("BIND", ""), int(os.environ["PORT"])), Handler)
    log.info("ready on port %s", server.server_port)
    server.serve_forever()


main()

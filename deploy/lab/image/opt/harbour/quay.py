"""A service of the harbour, with kept connections; usage: quay.py NAME   (berths, manifests, crane, gates)

From the environment: PORT and BIND, unless systemd passes a socket; THREADS=no; CONFIG, a file that must be readable; SPOOL, a folder where each visit is
noted (without it the service ends, with SOFT=1 it answers 500); LEDGER, a port of this host without which it answers 503. A file changes how it answers
(see ../mart/behaviour.py).
"""
import http.server
import json
import os
import socket
import sys
import time

import behaviour

NAME, SPOOL, LEDGER = sys.argv[1], os.environ.get("SPOOL"), os.environ.get("LEDGER")
held = []


def say(level, text):
    print(f"level={level} app={NAME} msg={json.dumps(text)}", file=sys.stderr, flush=True)


def note(text):
    if SPOOL:
        with open(f"{SPOOL}/{NAME}.log", "a") as f:
            f.write(text.ljust(400) + "\n")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout, wbufsize = 30, 65536

    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/live":
            return self.reply(200)
        b = behaviour.now(NAME, self.path)
        behaviour.suffer(b)
        held.extend(open("/etc/hostname") for _ in range(b.get("hold", 0)))
        if b.get("gives_up"):
            say("fatal", "tide gauge sent NaN, state cannot be trusted")
            os._exit(3)
        try:
            note(self.path)
        except OSError as e:
            say("fatal" if not os.environ.get("SOFT") else "error", f"visit cannot be noted: {e}")
            if not os.environ.get("SOFT"):
                os._exit(74)
            return self.reply(500)
        if LEDGER:
            try:
                socket.create_connection(("127.0.0.1", int(LEDGER)), 1).close()
            except OSError as e:
                say("error", f"ledger at 127.0.0.1:{LEDGER}: {e}")
                return self.reply(503)
        if b.get("status"):
            say("error", f"{self.path}: the port authority did not answer")
        if b.get("folded"):
            self.close_connection = True
            return self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Berths: 4 free,\r\n 2 booked\r\nContent-Length: 5\r\n\r\nberth")
        self.reply(b.get("status", 200), b.get("size", 20), ["k%d=%s" % (n, "7" * b.get("width", 8)) for n in range(b.get("cookies", 0))])

    do_POST = do_GET

    def reply(self, status, size=20, cookies=()):
        self.send_response(status)
        for cookie in cookies:
            self.send_header("Set-Cookie", cookie)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(size))
        self.end_headers()
        self.wfile.write(b"=" * size)

    def log_message(self, *words):
        pass


class Server(http.server.HTTPServer if os.environ.get("THREADS") == "no" else http.server.ThreadingHTTPServer):
    request_queue_size = 64

    def get_request(self):
        try:
            return super().get_request()
        except OSError as e:
            say("error", f"accept: {e}")
            time.sleep(0.5)
            raise

    def handle_error(self, request, client):
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client)


if os.environ.get("CONFIG"):
    open(os.environ["CONFIG"]).close()
note("start")
passed = os.environ.get("LISTEN_FDS") == "1"
server = Server((os.environ.get("BIND", ""), int(os.environ.get("PORT", 0))), Handler, bind_and_activate=not passed)
if passed:
    server.socket.close()
    server.socket = socket.socket(fileno=3)
say("info", f"open on {server.socket.getsockname()}")
server.serve_forever()

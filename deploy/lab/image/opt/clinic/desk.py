"""A threaded service; usage: desk.py NAME   (intake, and claims, which speaks TLS)

From the environment: PORT, BIND, BACKLOG, THREADS=no; POOL (connections to the database); KEEP and PAUSE (milliseconds: how long a connection may idle,
and how long the visit is written down before it is closed); CERTIFICATE, CLIENTS_SIGNED_BY, TLS_FROM, TLS_TO, SNI (1: clients must name it). It tells systemd that it is ready, and then
that it is alive, as long as the register can be locked.
"""
import http.server
import json
import os
import socket
import ssl
import sys
import threading
import time

import behaviour

NAME = sys.argv[1]
RAW = {
    "half_header": b"HTTP/1.1 200 OK\r\nContent-Type: applica",
    "greeting": b"+OK POP3 ready <4711.1@intake.clinic.lab>\r\n",
    "nothing": b"",
}
POOL = int(os.environ.get("POOL", 64))
KEEP = int(os.environ.get("KEEP", 0))
pool = threading.BoundedSemaphore(POOL)
register = threading.Lock()


def say(text):
    print(f"{time.strftime('%H:%M:%S')} {NAME} {text}", file=sys.stderr, flush=True)


def tell_systemd(text):
    if os.environ.get("NOTIFY_SOCKET"):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
            s.sendto(text.encode(), os.environ["NOTIFY_SOCKET"])


def stay_alive():
    while True:
        time.sleep(1)
        with register:
            tell_systemd("WATCHDOG=1")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1" if KEEP else "HTTP/1.0"
    timeout = KEEP / 1000 or None

    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        b = behaviour.now(NAME, self.path)
        if self.path == "/state":
            return self.reply(200, {"state": b.get("state", "open")})
        if b.get("deadlock"):
            register.acquire()
            register.acquire()
        if not pool.acquire(timeout=5):
            say(f"ERROR sqlalchemy.exc.TimeoutError: QueuePool limit of size {POOL} overflow 0 reached, connection timed out, timeout 5.00 ({self.path})")
            return self.reply(500, {"error": "try again"})
        try:
            behaviour.suffer(b)
        finally:
            pool.release()
        if b.get("raw"):
            self.close_connection = True
            self.wfile.write(RAW[b["raw"]])
        else:
            self.reply(b.get("status", 200), {"service": NAME, "path": self.path})

    do_POST = do_GET

    def reply(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def finish(self):
        super().finish()
        if KEEP:
            time.sleep(int(os.environ.get("PAUSE", 0)) / 1000)

    def log_message(self, *words):
        pass


def secured(server):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{os.environ['CERTIFICATE']}/server.pem", f"{os.environ['CERTIFICATE']}/server.key")
    context.minimum_version = ssl.TLSVersion[os.environ.get("TLS_FROM", "TLSv1_2")]
    context.maximum_version = ssl.TLSVersion[os.environ.get("TLS_TO", "TLSv1_3")]
    if os.environ.get("CLIENTS_SIGNED_BY"):
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(os.environ["CLIENTS_SIGNED_BY"])
    if os.environ.get("SNI"):
        context.sni_callback = lambda connection, name, _: None if name else ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)


class Server(http.server.HTTPServer if os.environ.get("THREADS") == "no" else http.server.ThreadingHTTPServer):
    request_queue_size = int(os.environ.get("BACKLOG", 64))

    def handle_error(self, request, client):
        say(f"WARNING {client[0]} {type(sys.exc_info()[1]).__name__}: {sys.exc_info()[1]}")


server = Server((os.environ.get("BIND", ""), int(os.environ["PORT"])), Handler)
if os.environ.get("CERTIFICATE"):
    secured(server)
say(f"INFO open on port {server.server_port}, {POOL} database connections")
tell_systemd("READY=1")
threading.Thread(target=stay_alive, daemon=True).start()
server.serve_forever()

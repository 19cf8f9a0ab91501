#!/usr/bin/python3
"""A small HTTP service whose behaviour a file can change while it runs.

usage: shop.py NAME    (reads PORT, BIND, SOCKET, BACKLOG, START_DELAY, EXIT_AT_START, IGNORE_SIGTERM, TLS, ACCESS_LOG from the environment)

/var/lib/shop/NAME.json may hold: delay, status, answer (garbage | big_header | close | reset), health_status,
once (crash kinds: exit, segfault), leak (MB per request), only (a path prefix that the changes are limited to).
"""
import ctypes
import http.server
import json
import os
import signal
import socket
import socketserver
import ssl
import struct
import sys
import threading
import time

NAME = sys.argv[1]
BEHAVIOUR = f"/var/lib/shop/{NAME}.json"
hoard = []


def log(level, text):
    print(f"{level} {NAME}: {text}", flush=True)


def behaviour():
    try:
        with open(BEHAVIOUR) as f:
            return json.load(f)
    except (OSError, ValueError):
        return {}


def connect_database():
    raise ConnectionRefusedError("could not connect to database at 10.85.0.40:5432")


class Handler(http.server.BaseHTTPRequestHandler):
    server_version = NAME

    def do_GET(self):
        b = behaviour()
        if self.path == "/healthz":
            return self.reply(b.get("health_status", 200), {"ok": b.get("health_status", 200) == 200})
        if not self.path.startswith(b.get("only", "/")):
            b = {}
        if b.get("once") == "exit":
            threading.Thread(target=self.fail).start()
            time.sleep(1)
        if b.get("once") == "segfault":
            time.sleep(0.8)
            ctypes.string_at(0)
        if b.get("leak"):
            hoard.append(bytearray(os.urandom(1024) * 1024 * b["leak"]))
        time.sleep(b.get("delay", 0))
        answer = b.get("answer")
        if answer == "garbage":
            self.connection.sendall(b"\x07\x13HELO binary protocol v2\r\n\r\n\x00\x01")
        elif answer == "bad_header":
            self.connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nX-Broken \x00 header\r\n\r\nok")
        elif answer == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()
        elif answer == "close":
            self.close_connection = True
        elif answer == "big_header":
            self.reply(200, {"service": NAME}, {"Set-Cookie": "session=" + "x" * 30000})
        elif b.get("status"):
            log("ERROR", f"{self.path}: {b.get('message', 'internal error')}")
            self.reply(b["status"], {"error": b.get("message", "internal error")})
        elif "missing" in self.path:
            self.reply(404, {"error": "not found"})
        else:
            self.reply(200, {"service": NAME, "path": self.path, "items": [1, 2, 3]})

    do_POST = do_GET

    def fail(self):
        try:
            connect_database()
        except ConnectionRefusedError:
            import traceback
            traceback.print_exc()
            log("CRITICAL", "cannot work without the database, giving up")
            os._exit(1)

    def reply(self, status, body, headers=None):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        for k, v in (headers or {}).items():
            self.send_header(k, v)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, form, *args):
        if os.environ.get("ACCESS_LOG"):
            log("INFO", f"{self.client()} " + form % args)

    def client(self):
        return self.client_address[0] if isinstance(self.client_address, tuple) else "unix"


class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = int(os.environ.get("BACKLOG", 128))
    context = None

    def handle_error(self, request, client_address):
        error = sys.exc_info()[1]
        if isinstance(error, (BrokenPipeError, ConnectionResetError)):
            return
        log("ERROR", f"{client_address}: {error!r}")

    def finish_request(self, request, client_address):
        if self.context:
            request.settimeout(10)
            try:
                request = self.context.wrap_socket(request, server_side=True)
            except (OSError, ssl.SSLError) as e:
                return log("WARNING", f"TLS handshake with {client_address[0]} failed: {e}")
        super().finish_request(request, client_address)


class UnixServer(Server):
    address_family = socket.AF_UNIX

    def server_bind(self):
        if os.path.exists(self.server_address):
            os.unlink(self.server_address)
        super().server_bind()
        os.chmod(self.server_address, int(os.environ.get("SOCKET_MODE", "666"), 8))


def tls_context(folder):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{folder}/server.pem", f"{folder}/server.key")
    if os.environ.get("TLS_MIN"):
        context.minimum_version = ssl.TLSVersion[os.environ["TLS_MIN"]]
    if os.environ.get("TLS_CLIENT_CA"):
        context.load_verify_locations(os.environ["TLS_CLIENT_CA"])
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def stop(number, frame):
    log("INFO", f"received signal {number}, shutting down")
    time.sleep(0.1)
    log("INFO", "bye")
    if os.environ.get("SOCKET"):
        os.unlink(os.environ["SOCKET"])
    os._exit(0)


def main():
    signal.signal(signal.SIGTERM, signal.SIG_IGN if os.environ.get("IGNORE_SIGTERM") else stop)
    if os.environ.get("EXIT_AT_START"):
        log("ERROR", os.environ.get("EXIT_REASON", "configuration key 'database.url' is missing"))
        sys.exit(int(os.environ["EXIT_AT_START"]))
    delay = float(os.environ.get("START_DELAY", 0))
    if delay:
        log("INFO", "warming caches")
        time.sleep(delay)
    path = os.environ.get("SOCKET")
    bind, port = os.environ.get("BIND", "0.0.0.0"), int(os.environ.get("PORT", 0))
    server = UnixServer(path, Handler) if path else Server((bind, port), Handler)
    if os.environ.get("TLS"):
        server.context = tls_context(os.environ["TLS"])
    log("INFO", f"listening on {path or f'{bind}:{port}'}")
    server.serve_forever()


main()

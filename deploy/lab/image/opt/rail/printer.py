"""Printer: an SCGI server, a process that forks for each request; a file can change how it answers (see ../mart/behaviour.py)."""
import os
import signal
import socketserver

import behaviour


class Printer(socketserver.StreamRequestHandler):
    def handle(self):
        size = b""
        while not size.endswith(b":"):
            size += self.rfile.read(1)
        words = self.rfile.read(int(size[:-1]) + 1).split(b"\0")
        request = dict(zip(words[::2], words[1::2]))
        b = behaviour.now("printer", request[b"REQUEST_URI"].decode())
        behaviour.suffer(b)
        self.wfile.write(b.get("head", "Status: 200 OK").encode() + b"\r\nContent-Type: text/plain\r\n\r\nprinted\n")


class Server(socketserver.ForkingTCPServer):
    allow_reuse_address = True
    request_queue_size = 20


signal.signal(signal.SIGTERM, lambda number, frame: os._exit(0))
print("printer: SCGI on", os.environ["PORT"], flush=True)
Server(("0.0.0.0", int(os.environ["PORT"])), Printer).serve_forever()

"""Crew rosters on Python's own HTTP server, for the TLS terminator on the same host; and the agent that tells HAProxy how the host feels.

usage: crew.py rosters | agent
"""
import http.server
import socketserver
import sys

import behaviour


class Rosters(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        b = behaviour.now("crew", self.path)
        behaviour.suffer(b)
        self.send_response(b.get("status", 200))
        self.send_header("Content-Length", "6")
        self.end_headers()
        self.wfile.write(b"duty 4")

    def log_message(self, form, *args):
        pass


class Agent(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.sendall(behaviour.now("agent").get("says", "up 100%").encode() + b"\n")


if sys.argv[1] == "agent":
    socketserver.TCPServer.allow_reuse_address = True
    socketserver.ThreadingTCPServer(("0.0.0.0", 7788), Agent).serve_forever()
http.server.ThreadingHTTPServer(("127.0.0.1", 9944), Rosters).serve_forever()

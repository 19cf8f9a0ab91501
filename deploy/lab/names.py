#!/usr/bin/python3
"""A name server for the lab: knows *.internal from the file it is given; usage: names.py ADDRESS FILE

FILE holds JSON: {"orders.internal": "10.85.0.21"}; a name that is missing is NXDOMAIN, one without address (null) SERVFAIL; null in place of the table: silence.
"""
import json
import socket
import struct
import sys

listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
listener.bind((sys.argv[1], 53))
while True:
    query, client = listener.recvfrom(512)
    with open(sys.argv[2]) as f:
        table = json.load(f)
    if table is None:
        continue
    end, labels = 12, []
    while query[end]:
        labels.append(query[end + 1:end + 1 + query[end]].decode())
        end += 1 + query[end]
    question = query[12:end + 5]
    kind = struct.unpack("!H", query[end + 1:end + 3])[0]
    name = ".".join(labels)
    address = table.get(name)
    answers = [b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 2, 4) + socket.inet_aton(address)] if address and kind == 1 else []
    flags = 0x8180 if address else 0x8182 if name in table else 0x8183
    listener.sendto(query[:2] + struct.pack("!HHHHH", flags, 1, len(answers), 0, 0) + question + b"".join(answers), client)

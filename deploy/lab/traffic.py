#!/usr/bin/python3
"""Light traffic from several client addresses, one JSON line per answer on standard output.

usage: traffic.py SERVER_NAME STREAM...        STREAM is PROXY_NAME,PROXY_ADDRESS[:PORT],PATH,REQUESTS_PER_SECOND[,CLIENT_TIMEOUT[,METHOD]]
"""
import http.client
import json
import random
import sys
import threading
import time

CLIENTS = ["10.85.0.100", "10.85.0.101", "10.85.0.102", "10.85.0.103"]
AGENTS = ["Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
          "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
          "curl/8.5.0"]
printing = threading.Lock()


def ask(proxy, address, path, patience, method):
    begin, status = time.time(), None
    host, _, port = address.partition(":")
    connection = http.client.HTTPConnection(host, int(port or 80), timeout=patience, source_address=(random.choice(CLIENTS), 0))
    try:
        connection.request(method, path, "amount=1" if method == "POST" else None, headers={"Host": sys.argv[1], "User-Agent": random.choice(AGENTS)})
        response = connection.getresponse()
        status = response.status
        response.read()
    except (OSError, http.client.HTTPException):
        pass
    finally:
        connection.close()
    with printing:
        print(json.dumps({"begin": begin, "end": time.time(), "proxy": proxy, "path": path, "status": status}), flush=True)


def stream(proxy, address, path, rate, patience=30, method="GET"):
    while True:
        time.sleep(random.uniform(0.5, 1.5) / rate)
        target = path if path.endswith(".php") else f"{path}/{random.randint(1000, 9999)}"
        threading.Thread(target=ask, args=(proxy, address, target, patience, method), daemon=True).start()


for words in sys.argv[2:]:
    proxy, address, path, rate, *more = words.split(",")
    threading.Thread(target=stream, args=(proxy, address, path, float(rate), *map(float, more[:1]), *more[1:]), daemon=True).start()
threading.Event().wait()

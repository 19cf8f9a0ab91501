#!/usr/bin/python3
"""Boots a lab and makes recordings of faults in it.

usage: lab.py IMAGE WORK_DIRECTORY OUT_DIRECTORY NUMBER SCENARIO...     (NUMBER tells labs apart that run at once)
       lab.py list
"""
import os
import pathlib
import sys
import time
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from hosts import Lab
from record import Recording
from scenarios import CATALOGUE


def main():
    if sys.argv[1:] == ["list"]:
        return print("\n".join(CATALOGUE))
    image, work, out, number, *wanted = sys.argv[1:]
    unknown = [w for w in wanted if w not in CATALOGUE]
    if unknown:
        sys.exit(f"no such scenario: {' '.join(unknown)}")
    os.nice(10)
    pathlib.Path("/proc/sys/net/netfilter/nf_log_all_netns").write_text("1")
    lab = Lab(int(number), image, work)
    lab.start()
    try:
        lab.boot()
        for name in wanted:
            try:
                Recording(lab, CATALOGUE[name], out).make()
                print(time.strftime("%H:%M:%S"), name, flush=True)
            except Exception:
                print(time.strftime("%H:%M:%S"), name, "FAILED", flush=True)
                traceback.print_exc()
            server = lab.__dict__.pop("name_server", None)
            if server:
                server.terminate()
                server.wait()
    finally:
        lab.stop()


main()

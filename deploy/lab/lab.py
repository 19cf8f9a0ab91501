#!/usr/bin/python3
"""Boots a lab and makes recordings of faults in it.

usage: lab.py [--set first|second|third|fourth|fifth|containers] IMAGE WORK_DIRECTORY OUT_DIRECTORY NUMBER SCENARIO...     (NUMBER tells labs apart that run at once)
       lab.py [--set first|second|third|fourth|fifth|containers] list
"""
import os
import pathlib
import sys
import time
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from containers import CONTAINERS
from fifth import FIFTH
from first import FIRST
from fourth import FOURTH
from hosts import Lab
from record import Recording
from second import SECOND
from third import THIRD

SETS = {"first": FIRST, "second": SECOND, "third": THIRD, "fourth": FOURTH, "fifth": FIFTH, "containers": CONTAINERS}


def main():
    words = sys.argv[1:]
    catalogue = FIRST
    if words[:1] == ["--set"]:
        catalogue, words = SETS[words[1]], words[2:]
    if words == ["list"]:
        return print("\n".join(catalogue.scenarios))
    image, work, out, number, *wanted = words
    unknown = [w for w in wanted if w not in catalogue.scenarios]
    if unknown:
        sys.exit(f"no such scenario: {' '.join(unknown)}")
    os.nice(10)
    pathlib.Path("/proc/sys/net/netfilter/nf_log_all_netns").write_text("1")
    lab = Lab(int(number), image, work, catalogue.site)
    lab.start()
    try:
        lab.boot()
        for name in wanted:
            try:
                Recording(lab, catalogue.scenarios[name], out).make()
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

"""A background job without a port."""
import sys
import time

import behaviour

batch = 0
while True:
    batch += 1
    print(f"indexer[{batch}]: merged segments", file=sys.stderr, flush=True)
    for _ in range(40):
        behaviour.suffer({**behaviour.now("indexer"), "delay": 0.1})

"""A background job without a port."""
import time

import behaviour

night = 0
while True:
    night += 1
    print(f"exporter: day {night} written", flush=True)
    for _ in range(60):
        behaviour.suffer({**behaviour.now("exporter"), "delay": 0.1})

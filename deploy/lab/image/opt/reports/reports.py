"""A background job without a port; RUN_LEAK makes it fill its memory."""
import json
import time

count, hoard = 0, []
while True:
    count += 1
    print(f"INFO reports: exported batch {count}", flush=True)
    try:
        with open("/var/lib/shop/reports.json") as f:
            leak = json.load(f).get("leak", 0)
    except (OSError, ValueError):
        leak = 0
    for _ in range(50):
        if leak:
            hoard.append(bytes(bytearray(leak << 20).replace(b"\0", b"x")))
        time.sleep(0.1)

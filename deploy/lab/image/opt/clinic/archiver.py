"""A background job without a port."""
import behaviour

while True:
    print("archiver: one study moved to tape", flush=True)
    for _ in range(80):
        behaviour.suffer({"delay": 0.1, **behaviour.now("archiver")})

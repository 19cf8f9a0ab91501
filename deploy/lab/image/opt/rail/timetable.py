"""Timetable, consent and live boards: WSGI applications for uwsgi (timetable:timetable and so on)."""
import behaviour

REASON = {200: "OK", 502: "Bad Gateway", 503: "Service Unavailable"}


def service(name):
    def answer(environ, start_response):
        b = behaviour.now(name, environ["PATH_INFO"])
        behaviour.suffer(b)
        if b.get("status"):
            print(f"{name}: the feed of the infrastructure company is late", flush=True)
        visits = [("Set-Cookie", f"trip{n}=" + "0123456789abcdef" * 200) for n in range(b.get("cookies", 0))]
        status = b.get("status", 200)
        start_response(f"{status} {REASON[status]}", [("Content-Type", "text/plain"), *visits])
        return [b"12:04 platform 7\n"]
    return answer


timetable, consent, boards = service("timetable"), service("consent"), service("boards")

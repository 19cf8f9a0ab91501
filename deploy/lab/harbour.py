"""The site of the fifth set: a harbour. Other names, ports and servers; the proxies' configurations are written as the clinic's are."""
from clinic import BOTH, CA, FORMATS, HAPROXY, NGINX, haproxy, nginx
from layout import Site

CERTIFICATES = "/etc/ssl/lab/harbour"


def verified(more="", ca=CA, name="proxy_ssl_server_name on;"):
    return f"proxy_pass https://customs_house; {name} proxy_ssl_name customs.harbour.lab; proxy_ssl_verify on; proxy_ssl_trusted_certificate {ca}; {more}"


def tls(sni=" sni str(customs.harbour.lab) check-sni customs.harbour.lab"):
    return f"10.85.0.23:7443 ssl verify required ca-file {CA}{sni} verifyhost customs.harbour.lab"


HARBOUR = Site(
    units={"edge1": ["nginx", "ferry", "sonar"], "edge2": ["haproxy", "gates"], "app1": ["berths", "pilots", "tides", "sonar"],
           "app2": ["berths", "pilots", "ledger", "cargo", "manifests", "sonar"], "app3": ["berths", "crane", "customs", "sonar"]},
    on_demand={},
    paths={"berths": ("/berths", BOTH), "pilots": ("/pilots", BOTH), "tides": ("/tides/table", BOTH), "cargo": ("/cargo", BOTH), "customs": ("/customs", BOTH),
           "crane": ("/crane", BOTH), "manifests": ("/manifests", BOTH), "ferry": ("/ferry", NGINX), "gates": ("/gates", HAPROXY)},
    server_name="harbour.lab",
    upstreams={
        "berth_ring": ["server 10.85.0.21:6201", "server 10.85.0.22:6201", "server 10.85.0.23:6201"],
        "pilot-station": ["server 10.85.0.21:6330", "server 10.85.0.22:6330"],
        "tide.tables": ["server 10.85.0.21:9615"],
        "cargo_hold": ["server 10.85.0.22:9711"],
        "customs_house": ["server 10.85.0.23:7443"],
        "cranes": ["server 10.85.0.23:6640"],
        "manifest-desk": ["server 10.85.0.22:6888"],
        "ferry_uds": ["server unix:/run/ferry/gunicorn.sock"],
    },
    locations={
        "/berths": "proxy_pass http://berth_ring;",
        "/pilots": "proxy_pass http://pilot-station;",
        "/tides/": "proxy_pass http://tide.tables;",
        "/cargo": "proxy_pass http://cargo_hold;",
        "/customs": verified(),
        "/crane": "proxy_pass http://cranes;",
        "/manifests": "proxy_pass http://manifest-desk;",
        "/ferry": "proxy_pass http://ferry_uds;",
        "/": "return 404;",
    },
    frontend="quayside",
    routes={"hp_berths": "/berths", "hp_pilots": "/pilots", "hp_tides": "/tides", "hp_cargo": "/cargo", "hp_customs": "/customs", "hp_cranes": "/crane", "hp_gates": "/gates"},
    default="hp_manifests",
    backends={
        "hp_berths": {"q1": "10.85.0.21:6201", "q2": "10.85.0.22:6201", "q3": "10.85.0.23:6201"},
        "hp_pilots": {"p1": "10.85.0.21:6330", "p2": "10.85.0.22:6330"},
        "hp_tides": {"t1": "10.85.0.21:9615"},
        "hp_cargo": {"hold": "10.85.0.22:9711"},
        "hp_customs": {"toll": tls()},
        "hp_cranes": {"jib": "10.85.0.23:6640"},
        "hp_gates": {"local": "unix@/run/gates.sock"},
        "hp_manifests": {"desk": "10.85.0.22:6888"},
    },
    checks={"hp_berths": ["option httpchk GET /live"], "hp_pilots": ["option httpchk GET /ping"]},
    nginx=nginx,
    haproxy=haproxy,
    formats=FORMATS,
    settle=2,
)

"""The site of the fourth set: a clinic. Nothing in it is named, served, numbered or configured as in the shop, the mart or the railway."""
from layout import Site

BOTH, NGINX, HAPROXY = ("edge1", "edge2"), ("edge1",), ("edge2",)
CA = "/etc/ssl/lab/ca.pem"
CERTIFICATES = "/etc/ssl/lab/clinic"


def verified(name, more=""):
    return f"proxy_ssl_server_name on; proxy_ssl_name {name}.clinic.lab; proxy_ssl_verify on; proxy_ssl_trusted_certificate {CA}; {more}"


def tls(name, ca=CA, more=""):
    return f" ssl verify required ca-file {ca} sni str({name}.clinic.lab) check-sni {name}.clinic.lab verifyhost {name}.clinic.lab{more}"


# Access logs of nginx; `combined` is its own.
FORMATS = {
    "edge": '$remote_addr [$time_local] $host "$request" $status $body_bytes_sent $request_time '
            'upstream=$upstream_addr upstream_status=$upstream_status connect=$upstream_connect_time header=$upstream_header_time response=$upstream_response_time id=$request_id',
    "timed": '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" $request_time "$upstream_addr" "$upstream_status" "$upstream_response_time"',
    "kv": 'at=$time_iso8601 status=$status method=$request_method uri="$request_uri" peer=$remote_addr took=$request_time upstream_addr="$upstream_addr" '
          'upstream_status="$upstream_status" upstream_header_time="$upstream_header_time" upstream_response_time="$upstream_response_time"',
    "json": '{"ts":"$time_iso8601","level":"access","req":"$request_method $request_uri","status":$status,"size":$body_bytes_sent,"rt":$request_time,"client":"$remote_addr",'
            '"upstream_addr":"$upstream_addr","upstream_status":"$upstream_status","upstream_header_time":"$upstream_header_time","upstream_response_time":"$upstream_response_time"}',
}
HAPROXY_LOGS = {
    "httplog": "option httplog",
    "clf": "option httplog clf",
    "kv": 'log-format "src=%ci:%cp begin=[%tr] fe=%ft be=%b srv=%s status=%ST bytes=%B flags=%tsc tr=%TR tw=%Tw tc=%Tc th=%Tr ta=%Ta retries=%rc queue=%sq/%bq conns=%ac/%fc/%bc/%sc req=%{+Q}r"',
    "long": 'log-format "%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc %ac/%fc/%bc/%sc/%rc %sq/%bq %hr %hs %{+Q}r %bi:%bp %si:%sp %U"',
}


def nginx(site, upstreams=None, locations=None, log="edge", level="error", connect="3s", read="6s", connections=2048, workers=1, main="", http="", server=""):
    """The choices `upstreams` and `locations` replace single ones of the site."""
    text = f"user www-data;\npid /run/nginx.pid;\nworker_processes {workers};\n{main}error_log /var/log/nginx/error.log {level};\nevents {{\n  worker_connections {connections};\n}}\nhttp {{\n"
    text += "  include /etc/nginx/mime.types;\n  server_tokens off;\n  server_names_hash_bucket_size 128;\n"
    if log in FORMATS:
        text += f"  log_format {log} {'escape=json ' if log == 'json' else ''}\n    '{FORMATS[log]}';\n"
    text += f"  access_log /var/log/nginx/access.log {log};\n{http}"
    for name, lines in {**site.upstreams, **(upstreams or {})}.items():
        text += f"  upstream {name} {{\n" + "".join(f"    {line};\n" for line in lines) + "  }\n"
    text += f"  server {{\n    listen 80 default_server backlog=1024;\n    server_name {site.server_name} www.{site.server_name};\n"
    text += f"    proxy_connect_timeout {connect};\n    proxy_read_timeout {read};\n    proxy_send_timeout {read};\n    proxy_http_version 1.1;\n    proxy_set_header Host $host;\n{server}"
    for path, directives in {**site.locations, **(locations or {})}.items():
        text += f"    location {path} {{\n" + "".join(f"      {d.strip()};\n" for d in directives.split(";") if d.strip()) + "    }\n"
    return text + "  }\n}\n"


def haproxy(site, log="httplog", checks=True, connect="2s", server="6s", queue="3s", retries=3, socket="/var/lib/haproxy/dev/log", defaults="", backends=None, lines=None, routes=None, default=True, more=""):
    """Not in a chroot; `socket` is where its lines go: rsyslog's own, or /dev/log, which the journal keeps too."""
    text = f"""global
  log {socket} local0
  stats socket /run/haproxy/admin.sock mode 600 level admin
  user haproxy
  group haproxy
  maxconn 3000

defaults http
  mode http
  log global
  {HAPROXY_LOGS[log]}
  option dontlognull
  timeout connect {connect}
  timeout client 20s
  timeout server {server}
  timeout queue {queue}
  retries {retries}
{defaults}
frontend {site.frontend}
  bind :80
"""
    for name, path in {**site.routes, **(routes or {})}.items():
        if path:
            text += f"  use_backend {name} if {{ path {path} }} || {{ path_beg {path}/ }}\n"
    if default:
        text += f"  default_backend {site.default}\n"
    for name, servers in {**site.backends, **(backends or {})}.items():
        text += f"\nbackend {name}\n  balance roundrobin\n"
        text += "".join(f"  {line}\n" for line in (lines or {}).get(name, []) + (site.checks.get(name, []) if checks else []))
        text += "".join(f"  server {s} {words}{' check inter 2s fall 2 rise 1' if checks else ''}\n" for s, words in servers.items())
    return text + more


def lighttpd(certificate="portal", more=""):
    return f"""server.modules = ("mod_rewrite", "mod_openssl")
server.document-root = "/srv/clinic"
server.port = 4443
mimetype.assign = (".html" => "text/html")
url.rewrite-once = ("^/portal" => "/index.html")
ssl.engine = "enable"
ssl.pemfile = "{CERTIFICATES}/{certificate}/server.pem"
ssl.privkey = "{CERTIFICATES}/{certificate}/server.key"
{more}
"""


PORTAL_FILE = "/etc/portal/lighttpd.conf"

CLINIC = Site(
    units={"edge1": ["nginx", "triage"], "edge2": ["haproxy", "kiosk"], "app1": ["slots", "records", "labs", "archiver"],
           "app2": ["slots", "records", "imaging", "portal", "archiver"], "app3": ["slots", "pharmacy", "intake", "claims", "labelprint"]},
    on_demand={"app1": ["ssh", "cron"], "app3": ["ssh", "cron"]},
    paths={"slots": ("/slots", BOTH), "records": ("/records/patient", BOTH), "labs": ("/labs/results", BOTH), "imaging": ("/studies", BOTH), "pharmacy": ("/rx", BOTH),
           "intake": ("/intake/form", BOTH), "claims": ("/claims", BOTH), "portal": ("/portal", BOTH), "triage": ("/triage", NGINX), "kiosk": ("/kiosk", HAPROXY)},
    server_name="clinic.lab",
    upstreams={
        "slots-api": ["server 10.85.0.21:7401", "server 10.85.0.22:7401", "server 10.85.0.23:7401"],
        "records_jvm": ["server 10.85.0.21:8470", "server 10.85.0.22:8470"],
        "laboratory": ["server 10.85.0.21:5600"],
        "pacs_viewer": ["server 10.85.0.22:7711"],
        "rx-starman": ["server 10.85.0.23:9390"],
        "intake_desk": ["server 10.85.0.23:7622"],
        "claims_secure": ["server 10.85.0.23:6443"],
        "portal_secure": ["server 10.85.0.22:4443"],
        "triage_uds": ["server unix:/run/triage/uvicorn.sock"],
    },
    locations={
        "/slots": "proxy_pass http://slots-api;",
        "/records/": "proxy_pass http://records_jvm;",
        "/labs/": "proxy_pass http://laboratory;",
        "/studies": "proxy_pass http://pacs_viewer;",
        "/rx": "proxy_pass http://rx-starman;",
        "/intake/": "proxy_pass http://intake_desk;",
        "/claims": f"proxy_pass https://claims_secure; {verified('claims')}",
        "/portal": f"proxy_pass https://portal_secure; {verified('portal')}",
        "/triage": "proxy_pass http://triage_uds;",
        "/staff": "return 401;",
        "/": "return 404;",
    },
    frontend="www-in",
    routes={"app_slots": "/slots", "app_records": "/records", "app_labs": "/labs", "app_rx": "/rx", "app_intake": "/intake", "app_claims": "/claims", "app_portal": "/portal", "app_kiosk": "/kiosk"},
    default="app_viewer",
    backends={
        "app_slots": {"s-21": "10.85.0.21:7401", "s-22": "10.85.0.22:7401", "s-23": "10.85.0.23:7401"},
        "app_records": {"jvm1": "10.85.0.21:8470", "jvm2": "10.85.0.22:8470"},
        "app_labs": {"lab01": "10.85.0.21:5600"},
        "app_viewer": {"pacs2": "10.85.0.22:7711"},
        "app_rx": {"rx1": "10.85.0.23:9390"},
        "app_intake": {"desk-c": "10.85.0.23:7622"},
        "app_claims": {"gw3": "10.85.0.23:6443" + tls("claims")},
        "app_portal": {"www2": "10.85.0.22:4443" + tls("portal")},
        "app_kiosk": {"local": "unix@/run/kiosk/kiosk.sock"},
    },
    checks={"app_slots": ["option httpchk GET /healthz"], "app_records": ["option httpchk GET /actuator/health"], "app_rx": ["option httpchk GET /alive"],
            "app_intake": ["option httpchk GET /state", "http-check expect rstring open"]},
    files={"app2": {PORTAL_FILE: lighttpd()}},
    nginx=nginx,
    haproxy=haproxy,
    formats=FORMATS,
    settle=2,
)

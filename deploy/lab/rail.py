"""The site of the third set: a railway. Nothing in it is named, served, numbered or configured as in the shop or the mart."""
from layout import Site

BOTH, NGINX = ("edge1", "edge2"), ("edge1",)
CA = "/etc/ssl/lab/ca.pem"
VERIFY = f"proxy_ssl_server_name on; proxy_ssl_verify on; proxy_ssl_trusted_certificate {CA};"
VOUCHERS_NAME, CREW_NAME = "proxy_ssl_name vouchers.rail.lab;", "proxy_ssl_name crew.rail.lab;"
KEPT = 'proxy_http_version 1.1; proxy_set_header Connection "";'


def tls(name, ca=CA):
    return f" ssl verify required ca-file {ca} sni str({name}) check-sni {name} verifyhost {name}"


# Access logs of nginx; `combined` is its own.
FORMATS = {
    "vhost": '$host:$server_port $remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" '
             '$upstream_addr $upstream_status $upstream_response_time',
    "main": '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" "$http_x_forwarded_for"',
    "logfmt": 'time=$time_iso8601 client=$remote_addr host=$host request="$request" status=$status bytes=$bytes_sent duration=$request_time '
              'upstream="$upstream_addr" upstream_status="$upstream_status" upstream_connect="$upstream_connect_time" upstream_header="$upstream_header_time" '
              'upstream_duration="$upstream_response_time"',
    "pipe": '$time_iso8601|$remote_addr|$request|$status|$body_bytes_sent|$request_time|$upstream_addr|$upstream_status|$upstream_header_time|$http_user_agent',
    "json": '{"@timestamp":"$time_iso8601","vhost":"$server_name","remote_ip":"$remote_addr","request":"$request","status":$status,"body_bytes":$body_bytes_sent,'
            '"duration":"$request_time","upstream":{"addr":"$upstream_addr","status":"$upstream_status","connect":"$upstream_connect_time","header":"$upstream_header_time",'
            '"response":"$upstream_response_time"},"agent":"$http_user_agent"}',
}
HAPROXY_LOGS = {
    "httplog": "option httplog",
    "clf": "option httplog clf",
    "captures": "option httplog",
    "json": 'log-format \'{"client":"%ci","port":%cp,"at":"%tr","frontend":"%ft","backend":"%b","server":"%s","tr":%TR,"tw":%Tw,"tc":%Tc,"th":%Tr,"ta":%Ta,"status":%ST,"bytes":%B,'
            '"term":"%tsc","conn":"%ac/%fc/%bc/%sc/%rc","queue":"%sq/%bq","request":"%HM %HP"}\'',
    "extended": 'log-format "%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc %ac/%fc/%bc/%sc/%rc %sq/%bq %hr %hs %{+Q}r sni=%[ssl_fc_sni] id=%rt"',
}


def nginx(site, upstreams=None, locations=None, log="vhost", level="warn", connect="4s", read="8s", connections=1024, workers=2, user="www-data", main="", http="", server="",
          further=""):
    """`log` may be `off`; the choices `upstreams` and `locations` replace single ones of the site."""
    text = f"user {user};\nworker_processes {workers};\n{main}pid /run/nginx.pid;\nerror_log /var/log/nginx/error.log {level};\n\nevents {{ worker_connections {connections}; multi_accept on; }}\n\nhttp {{\n"
    text += "    include mime.types;\n    default_type text/plain;\n    server_tokens off;\n    keepalive_timeout 30s;\n"
    for name, form in FORMATS.items():
        if name == log:
            text += f"    log_format {name} {'escape=json ' if name == 'json' else ''}'{form}';\n"
    text += "    access_log off;\n" if log == "off" else f"    access_log /var/log/nginx/access.log{'' if log == 'combined' else ' ' + log};\n"
    text += http
    for name, lines in {**site.upstreams, **(upstreams or {})}.items():
        text += f"\n    upstream {name} {{\n" + "".join(f"        {line};\n" for line in lines) + "    }\n"
    timeouts = "".join(f"        {kind}_connect_timeout {connect};\n        {kind}_read_timeout {read};\n        {kind}_send_timeout {read};\n" for kind in ("proxy", "uwsgi", "scgi", "grpc"))
    text += f"\n    server {{\n        listen 80;\n        listen [::]:80;\n        server_name {site.server_name};\n{timeouts}        proxy_set_header Host $http_host;\n{server}"
    for path, directives in {**site.locations, **(locations or {})}.items():
        text += f"\n        location {path} {{\n" + "".join(f"            {d.strip()};\n" for d in directives.split(";") if d.strip()) + "        }\n"
    return text + "    }\n" + further + "}\n"


def haproxy(site, log="httplog", checks=True, connect="2s", server="8s", queue="4s", retries=2, defaults="", backends=None, lines=None, routes=None, default=True, partner=None, more=""):
    """Two frontends for HTTP, one for TCP, and statistics."""
    text = f"""global
    log /dev/log local0 info
    chroot /var/lib/haproxy
    stats socket /run/haproxy/admin.sock mode 600 level admin
    user haproxy
    group haproxy
    maxconn 4000

defaults web
    mode http
    log global
    {HAPROXY_LOGS[log]}
    option dontlognull
    option forwardfor
    timeout connect {connect}
    timeout client 25s
    timeout server {server}
    timeout queue {queue}
    timeout check 1500ms
    retries {retries}
{defaults}    default-server {'check inter 1500ms downinter 1s fall 2 rise 2' if checks else 'weight 10'}

frontend stats
    bind 127.0.0.1:8404
    stats enable
    stats uri /

frontend {site.frontend}
    bind :80
"""
    if log == "captures":
        text += "    capture request header Host len 30\n    capture request header User-Agent len 50\n    capture response header Content-Type len 20\n"
    for name, path in {**site.routes, **(routes or {})}.items():
        text += f"    acl is-{name} path -m beg {path}\n    use_backend {name} if is-{name}\n"
    if default:
        text += f"    default_backend {site.default}\n"
    text += "\nfrontend partner-api\n    bind :8088\n" + ("    default_backend be-tickets\n" if partner is None else partner)
    for name, servers in {**site.backends, **(backends or {})}.items():
        text += f"\nbackend {name}\n    balance {'leastconn' if len(servers) > 2 else 'roundrobin'}\n"
        text += "".join(f"    {line}\n" for line in site.lines.get(name, []) + (lines or {}).get(name, []) + (site.checks.get(name, []) if checks else []))
        text += "".join(f"    server {s} {words}\n" for s, words in servers.items())
    text += f"""
defaults raw
    mode tcp
    log global
    option tcplog
    timeout connect {connect}
    timeout client 25s
    timeout server 25s
    default-server {'check inter 1500ms fall 2 rise 2' if checks else 'weight 10'}

listen raw-boards
    bind :8180
    server gw3 10.85.0.23:8180
"""
    return text + more


def boards(certificate="good", read="3s", tls="ssl_protocols TLSv1.2 TLSv1.3"):
    """nginx.conf of the gateway on app3: live departures behind a unix socket, vouchers with TLS."""
    return f"""user www-data;
worker_processes 1;
pid /run/boards.pid;
error_log /var/log/nginx/error.log;
events {{ worker_connections 256; }}
http {{
    access_log /var/log/nginx/access.log;
    upstream live_socket {{
        server unix:/run/live/http.sock;
    }}
    server {{
        listen 8180;
        server_name boards.rail.lab;
        location /departures {{ proxy_pass http://live_socket; proxy_read_timeout {read}; }}
        location / {{ return 404; }}
    }}
    server {{
        listen 8543 ssl default_server;
        ssl_reject_handshake on;
    }}
    server {{
        listen 8543 ssl;
        server_name vouchers.rail.lab rail.lab;
        ssl_certificate /etc/ssl/lab/rail/{certificate}/server.pem;
        ssl_certificate_key /etc/ssl/lab/rail/{certificate}/server.key;
        {tls};
        location / {{ return 200 "voucher 5 EUR\\n"; }}
    }}
}}
"""


def stunnel(certificate="crew", more=""):
    return f"""foreground = yes
pid =
debug = notice
[crew]
accept = 0.0.0.0:9943
connect = 127.0.0.1:9944
cert = /etc/ssl/lab/rail/{certificate}/server.pem
key = /etc/ssl/lab/rail/{certificate}/server.key
{more}
"""


def apache(listen="8070", threads=20, more=""):
    modules = "".join(f"LoadModule {m}_module /usr/lib/apache2/modules/mod_{m}.so\n" for m in ("mpm_event", "authz_core", "alias", "cgid"))
    return f"""ServerRoot /etc/passes
ServerName passes.rail.lab
PidFile /run/passes/apache2.pid
Mutex file:/run/passes default
{modules}User www-data
Group www-data
Listen {listen}
StartServers 1
ServerLimit 1
ThreadsPerChild {threads}
MaxRequestWorkers {threads}
MinSpareThreads 1
MaxSpareThreads {threads + 1}
ErrorLog syslog:daemon
LogLevel notice
ScriptSock /run/passes/cgid
ScriptAlias /season /srv/rail/cgi-bin/pass
Alias /ping /srv/rail/ping.txt
{more}"""


BOARDS_FILE, CREW_FILE, PASSES_FILE = "/etc/boards/nginx.conf", "/etc/crew/stunnel.conf", "/etc/passes/apache2.conf"

RAIL = Site(
    units={"edge1": ["nginx", "consent"], "edge2": ["haproxy"], "app1": ["seats", "fares", "tickets", "printer", "loadagent", "exporter"],
           "app2": ["seats", "fares", "timetable", "loyalty", "passes", "exporter"], "app3": ["seats", "live", "boards", "rosters", "crew-tls", "exporter"]},
    on_demand={},
    paths={"seats": ("/seats/free", BOTH), "fares": ("/fares/quote", BOTH), "tickets": ("/tickets/order", BOTH), "timetable": ("/timetable", NGINX), "loyalty": ("/loyalty", BOTH),
           "printer": ("/print", NGINX), "passes": ("/season", BOTH), "departures": ("/departures", NGINX), "vouchers": ("/vouchers", BOTH), "crew": ("/crew", BOTH), "consent": ("/consent", NGINX)},
    server_name="rail.lab",
    upstreams={
        "seats_ring": ["zone seats 64k", "least_conn", "server 10.85.0.21:5150 weight=2", "server 10.85.0.22:5150", "server 10.85.0.23:5150 backup", "keepalive 4"],
        "fares.rail": ["server 10.85.0.21:6090 max_fails=2 fail_timeout=5s", "server 10.85.0.22:6090 max_fails=2 fail_timeout=5s"],
        "tickets-puma": ["server 10.85.0.21:9292", "keepalive 2"],
        "loyalty_grpc": ["server 10.85.0.22:50051"],
        "passes": ["server app2.lab:8070"],
        "departure_boards": ["server 10.85.0.23:8180"],
        "vouchers_tls": ["server 10.85.0.23:8543"],
    },
    locations={
        "/seats": "proxy_pass http://seats_ring; " + KEPT,
        "/fares": "proxy_pass http://fares.rail;",
        "/tickets": "proxy_pass http://tickets-puma; " + KEPT,
        "/timetable": "include uwsgi_params; uwsgi_pass 10.85.0.22:3031;",
        "/loyalty": "grpc_pass grpc://loyalty_grpc;",
        "/print": "include scgi_params; scgi_pass app1.lab:4000;",
        "/season": "proxy_pass http://passes;",
        "/departures": "proxy_pass http://departure_boards;",
        "/vouchers": f"proxy_pass https://vouchers_tls; {VOUCHERS_NAME} {VERIFY}",
        "/crew": f"proxy_pass https://10.85.0.23:9943; {CREW_NAME} {VERIFY}",
        "/consent": "include uwsgi_params; uwsgi_pass unix:/run/consent/uwsgi.sock;",
        "/": "return 404;",
    },
    frontend="public",
    routes={"be-seats": "/seats", "be-fares": "/fares", "be-loyalty": "/loyalty", "be-vouchers": "/vouchers", "be-crew": "/crew", "be-passes": "/season"},
    default="be-tickets",
    backends={
        "be-seats": {"carriage1": "10.85.0.21:5150", "carriage2": "10.85.0.22:5150", "carriage3": "10.85.0.23:5150"},
        "be-fares": {"f1": "10.85.0.21:6090", "f2": "10.85.0.22:6090"},
        "be-tickets": {"puma": "10.85.0.21:9292"},
        "be-loyalty": {"points": "10.85.0.22:50051 proto h2"},
        "be-vouchers": {"gw3": "10.85.0.23:8543" + tls("vouchers.rail.lab")},
        "be-crew": {"stunnel": "10.85.0.23:9943" + tls("crew.rail.lab")},
        "be-passes": {"season": "10.85.0.22:8070"},
    },
    lines={"be-seats": ["option redispatch 1"]},
    checks={"be-seats": ["option httpchk", "http-check send meth GET uri /ping"], "be-fares": ["option httpchk GET /ping"], "be-passes": ["option httpchk OPTIONS /ping"],
            "be-tickets": ["option httpchk GET /up HTTP/1.0"]},
    files={"app3": {BOARDS_FILE: boards(), CREW_FILE: stunnel()}, "app2": {PASSES_FILE: apache()}},
    nginx=nginx,
    haproxy=haproxy,
    formats=FORMATS,
    inner={"app3": BOARDS_FILE},
    settle=3,
)

"""The configurations of nginx and haproxy, whole files from a few choices."""

UPSTREAMS = {"orders_api": ["10.85.0.21:8081"], "catalog_api": ["10.85.0.22:8082"], "payments_tls": ["10.85.0.23:8443"], "web_front": ["10.85.0.23:8083"]}
TLS_NAME = "proxy_ssl_server_name on; proxy_ssl_name pay.shop.lab;"
VERIFY = TLS_NAME + " proxy_ssl_verify on; proxy_ssl_trusted_certificate /etc/ssl/lab/ca.pem;"
LOCATIONS = {
    "/api/orders": "proxy_pass http://orders_api;",
    "/api/catalog": "proxy_pass http://catalog_api;",
    "/api/payments": "proxy_pass https://payments_tls; " + TLS_NAME,
    "/": "proxy_pass http://web_front;",
    "/legacy/": "include fastcgi_params; fastcgi_param SCRIPT_FILENAME /srv/legacy/index.php; fastcgi_read_timeout 10s; fastcgi_pass unix:/run/php/php8.2-fpm.sock;",
}
TIMED = ('$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" rt=$request_time '
         'uct="$upstream_connect_time" uht="$upstream_header_time" urt="$upstream_response_time" ua="$upstream_addr" us="$upstream_status"')


def nginx(upstreams=None, locations=None, timed=True, connect="5s", read="10s", connections=768, workers=2, main="", server=""):
    text = f"""user www-data;
worker_processes {workers};
pid /run/nginx.pid;
error_log /var/log/nginx/error.log error;
{main}include /etc/nginx/modules-enabled/*.conf;
events {{
	worker_connections {connections};
}}
http {{
	sendfile on;
	tcp_nopush on;
	types_hash_max_size 2048;
	server_tokens off;
	include /etc/nginx/mime.types;
	default_type application/octet-stream;
	log_format timed '{TIMED}';
	access_log /var/log/nginx/access.log{' timed' if timed else ''};
	gzip on;
"""
    for name, servers in {**UPSTREAMS, **(upstreams or {})}.items():
        text += f"\tupstream {name} {{\n" + "".join(f"\t\tserver {s};\n" for s in servers) + "\t}\n"
    text += f"""	server {{
		listen 80 default_server;
		server_name shop.lab;
		proxy_connect_timeout {connect};
		proxy_read_timeout {read};
		proxy_send_timeout {read};
		proxy_set_header Host $host;
		proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
{server}"""
    for path, directives in {**LOCATIONS, **(locations or {})}.items():
        lines = "".join(f"\t\t\t{d.strip()};\n" for d in directives.split(";") if d.strip())
        text += f"\t\tlocation {path} {{\n{lines}\t\t}}\n"
    return text + "\t}\n}\n"


TLS = "ssl verify required ca-file /etc/ssl/lab/ca.pem verifyhost pay.shop.lab sni str(pay.shop.lab)"
BACKENDS = {
    "be_orders": {"app1": "10.85.0.21:8081", "app2": "10.85.0.22:8081"},
    "be_catalog": {"app2": "10.85.0.22:8082"},
    "be_payments": {"app3": "10.85.0.23:8443 " + TLS},
    "be_web": {"app3": "10.85.0.23:8083"},
}


def haproxy(backends=None, checks=True, connect="3s", server="10s", queue="5s", lines=None, default="be_web"):
    text = f"""global
	log /dev/log	local0
	log /dev/log	local1 notice
	chroot /var/lib/haproxy
	stats socket /run/haproxy/admin.sock mode 660 level admin
	stats timeout 30s
	user haproxy
	group haproxy
	daemon

defaults
	log	global
	mode	http
	option	httplog
	option	dontlognull
	timeout connect {connect}
	timeout client 30s
	timeout server {server}
	timeout queue {queue}
	retries 3
""" + "".join(f"\terrorfile {n} /etc/haproxy/errors/{n}.http\n" for n in (400, 403, 408, 500, 502, 503, 504)) + """
frontend fe_main
	bind :80
	use_backend be_orders if { path_beg /api/orders }
	use_backend be_catalog if { path_beg /api/catalog }
	use_backend be_payments if { path_beg /api/payments }
""" + (f"\tdefault_backend {default}\n" if default else "")
    for name, servers in {**BACKENDS, **(backends or {})}.items():
        text += f"\nbackend {name}\n\tbalance roundrobin\n"
        text += "".join(f"\t{line}\n" for line in (lines or {}).get(name, []))
        if checks and name in ("be_orders", "be_catalog"):
            text += "\toption httpchk GET /healthz\n"
        for server_name, words in servers.items():
            text += f"\tserver {server_name} {words}{' check inter 2s fall 3 rise 2' if checks else ''}\n"
    return text

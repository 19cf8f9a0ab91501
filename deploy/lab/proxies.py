"""The configurations of nginx and haproxy, whole files from a site and a few choices."""

# Access logs of nginx: `combined` is its own, the others are declared.
LOG_FORMATS = {
    "timed": '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" rt=$request_time '
             'uct="$upstream_connect_time" uht="$upstream_header_time" urt="$upstream_response_time" ua="$upstream_addr" us="$upstream_status"',
    "main": '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" "$http_x_forwarded_for" '
            '$request_time $upstream_addr $upstream_status $upstream_response_time',
    "json": '{"time":"$time_iso8601","client":"$remote_addr","method":"$request_method","uri":"$request_uri","protocol":"$server_protocol","status":$status,'
            '"bytes":$body_bytes_sent,"request_time":$request_time,"upstream_addr":"$upstream_addr","upstream_status":"$upstream_status",'
            '"upstream_response_time":"$upstream_response_time","user_agent":"$http_user_agent"}',
}


def nginx(site, upstreams=None, locations=None, log="timed", level="error", connect="5s", read="10s", connections=768, workers=2, main="", server=""):
    text = f"""user www-data;
worker_processes {workers};
pid /run/nginx.pid;
error_log /var/log/nginx/error.log {level};
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
"""
    declared = log if log in LOG_FORMATS else "timed"  # the site's own format is there even if the access log does not use it
    text += f"""	log_format {declared} {'escape=json ' if declared == 'json' else ''}'{LOG_FORMATS[declared]}';
	access_log /var/log/nginx/access.log{' ' + log if log in LOG_FORMATS else ''};
	gzip on;
"""
    for name, servers in {**site.upstreams, **(upstreams or {})}.items():
        text += f"\tupstream {name} {{\n" + "".join(f"\t\tserver {s};\n" for s in servers) + "\t}\n"
    text += f"""	server {{
		listen 80 default_server;
		server_name {site.server_name};
		proxy_connect_timeout {connect};
		proxy_read_timeout {read};
		proxy_send_timeout {read};
		proxy_set_header Host $host;
		proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
{server}"""
    for path, directives in {**site.locations, **(locations or {})}.items():
        lines = "".join(f"\t\t\t{d.strip()};\n" for d in directives.split(";") if d.strip())
        text += f"\t\tlocation {path} {{\n{lines}\t\t}}\n"
    return text + "\t}\n}\n"


def haproxy(site, backends=None, checks=True, connect="3s", server="10s", queue="5s", lines=None, default=True, sections=""):
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
""" + "".join(f"\terrorfile {n} /etc/haproxy/errors/{n}.http\n" for n in (400, 403, 408, 500, 502, 503, 504)) + sections + f"""
frontend {site.frontend}
	bind :80
""" + "".join(f"\tuse_backend {name} if {{ path_beg {path} }}\n" for name, path in site.routes.items())
    if default:
        text += f"\tdefault_backend {site.default}\n"
    for name, servers in {**site.backends, **(backends or {})}.items():
        text += f"\nbackend {name}\n\tbalance roundrobin\n"
        more = site.lines.get(name, []) + (lines or {}).get(name, []) + (site.checks.get(name, []) if checks else [])
        text += "".join(f"\t{line}\n" for line in more)
        for server_name, words in servers.items():
            text += f"\tserver {server_name} {words}{' check inter 2s fall 3 rise 2' if checks else ''}\n"
    return text

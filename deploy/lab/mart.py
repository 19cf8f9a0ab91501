"""The site of the second set: a mart. Nothing in it is named, served or numbered as in the shop."""
from layout import Site

BOTH = ("edge1", "edge2")
VERIFY = "proxy_ssl_server_name on; proxy_ssl_name login.mart.lab; proxy_ssl_verify on; proxy_ssl_trusted_certificate /etc/ssl/lab/ca.pem;"
TLS = " ssl verify required ca-file /etc/ssl/lab/ca.pem verifyhost login.mart.lab sni str(login.mart.lab)"
PORTAL = "include fastcgi_params; fastcgi_param SCRIPT_FILENAME /srv/portal/index.php; fastcgi_read_timeout 5s; fastcgi_pass portal_fpm;"
POOL = """[portal]
user = www-data
group = www-data
listen = 9000
pm = dynamic
pm.max_children = {children}
pm.start_servers = 2
pm.min_spare_servers = 1
pm.max_spare_servers = 2
{more}
"""
POOL_FILE = "/etc/php/8.2/fpm/pool.d/www.conf"

MART = Site(
    units={"edge1": ["nginx", "sessions"], "edge2": ["haproxy"], "app1": ["stock", "billing", "indexer"],
           "app2": ["stock", "search", "mirror", "indexer"], "app3": ["stock", "auth", "auth-tls", "vault", "php8.2-fpm"]},
    on_demand={},
    paths={"stock": ("/v2/stock", BOTH), "billing": ("/billing/invoices", BOTH), "search": ("/find", BOTH), "auth": ("/login", BOTH), "vault": ("/secrets", BOTH),
           "mirror": ("/files", BOTH), "portal": ("/portal/index.php", ("edge1",)), "sessions": ("/me", ("edge1",))},
    server_name="www.mart.lab",
    upstreams={
        "stock_pool": ["10.85.0.21:9101", "10.85.0.22:9101", "10.85.0.23:9101"],
        "billing_backend": ["10.85.0.21:7070"],
        "search-nodes": ["10.85.0.22:9200"],
        "auth_tls": ["10.85.0.23:9443"],
        "vault_tls": ["10.85.0.23:9553"],
        "mirror_files": ["10.85.0.22:8600"],
        "portal_fpm": ["10.85.0.23:9000"],
        "sessions_sock": ["unix:/run/sessions/gunicorn.sock"],
    },
    locations={
        "/v2/stock": "proxy_pass http://stock_pool;",
        "/billing/": "proxy_pass http://billing_backend;",
        "/find": "proxy_pass http://search-nodes;",
        "/login": "proxy_pass https://auth_tls; " + VERIFY,
        "/secrets": "proxy_pass https://vault_tls; " + VERIFY,
        "/files": "rewrite ^ /index.html break; proxy_pass http://mirror_files;",
        "/portal/": PORTAL,
        "/me": "proxy_pass http://sessions_sock;",
        "/": "return 404;",
    },
    frontend="ft-public",
    routes={"bk_stock": "/v2/stock", "bk_billing": "/billing", "bk_auth": "/login", "bk_vault": "/secrets", "bk_mirror": "/files"},
    default="bk_search",
    backends={
        "bk_stock": {"stock1": "10.85.0.21:9101", "stock2": "10.85.0.22:9101", "stock3": "10.85.0.23:9101"},
        "bk_billing": {"bill-a": "10.85.0.21:7070"},
        "bk_search": {"srv1": "10.85.0.22:9200"},
        "bk_auth": {"auth01": "10.85.0.23:9443" + TLS},
        "bk_vault": {"v1": "10.85.0.23:9553" + TLS},
        "bk_mirror": {"m1": "10.85.0.22:8600"},
    },
    lines={"bk_mirror": ["http-request set-path /index.html"]},
    checks={"bk_stock": ["option httpchk GET /ready"], "bk_billing": ["option httpchk GET /status", "http-check expect string READY"],
            "bk_mirror": ["option httpchk HEAD /index.html"]},
    files={"app3": {POOL_FILE: POOL.format(children=5, more=""),
                    "/etc/php/8.2/fpm/php-fpm.conf": "[global]\npid = /run/php/php8.2-fpm.pid\nerror_log = syslog\ninclude=/etc/php/8.2/fpm/pool.d/*.conf\n"}},
)

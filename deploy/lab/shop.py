"""The site of the first set: a shop."""
from layout import Site

BOTH = ("edge1", "edge2")
TLS_NAME = "proxy_ssl_server_name on; proxy_ssl_name pay.shop.lab;"
HEALTH = ["option httpchk GET /healthz"]

SHOP = Site(
    units={"edge1": ["nginx", "php8.2-fpm"], "edge2": ["haproxy"], "app1": ["orders", "reports"],
           "app2": ["orders", "catalog", "reports"], "app3": ["web", "payments", "reports"]},
    on_demand={"edge1": ["accounts"]},
    paths={"orders": ("/api/orders", BOTH), "catalog": ("/api/catalog", BOTH), "payments": ("/api/payments", BOTH), "web": ("/shop/page", BOTH),
           "legacy": ("/legacy/index.php", ("edge1",))},
    server_name="shop.lab",
    upstreams={"orders_api": ["10.85.0.21:8081"], "catalog_api": ["10.85.0.22:8082"], "payments_tls": ["10.85.0.23:8443"], "web_front": ["10.85.0.23:8083"]},
    locations={
        "/api/orders": "proxy_pass http://orders_api;",
        "/api/catalog": "proxy_pass http://catalog_api;",
        "/api/payments": "proxy_pass https://payments_tls; " + TLS_NAME,
        "/": "proxy_pass http://web_front;",
        "/legacy/": "include fastcgi_params; fastcgi_param SCRIPT_FILENAME /srv/legacy/index.php; fastcgi_read_timeout 10s; fastcgi_pass unix:/run/php/php8.2-fpm.sock;",
    },
    frontend="fe_main",
    routes={"be_orders": "/api/orders", "be_catalog": "/api/catalog", "be_payments": "/api/payments"},
    default="be_web",
    backends={
        "be_orders": {"app1": "10.85.0.21:8081", "app2": "10.85.0.22:8081"},
        "be_catalog": {"app2": "10.85.0.22:8082"},
        "be_payments": {"app3": "10.85.0.23:8443 ssl verify required ca-file /etc/ssl/lab/ca.pem verifyhost pay.shop.lab sni str(pay.shop.lab)"},
        "be_web": {"app3": "10.85.0.23:8083"},
    },
    checks={"be_orders": HEALTH, "be_catalog": HEALTH},
)

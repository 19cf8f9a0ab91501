"""What a lab is made of: which services run where, and how the proxies name them."""
from collections.abc import Callable
from dataclasses import dataclass, field

import proxies


@dataclass(frozen=True)
class Site:
    """One company: its services, names, ports and paths on the five machines."""
    units: dict          # host name -> units that always run there
    on_demand: dict      # host name -> units that a scenario may start
    paths: dict          # service -> (path that clients ask for, proxies that serve it)
    server_name: str
    upstreams: dict      # nginx: upstream name -> servers
    locations: dict      # nginx: path -> directives
    frontend: str        # haproxy: name of the only frontend
    routes: dict         # haproxy: backend name -> beginning of the path
    default: str         # haproxy: backend of all other paths
    backends: dict       # haproxy: backend name -> {server name: address and further words}
    lines: dict = field(default_factory=dict)   # haproxy: backend name -> further lines
    checks: dict = field(default_factory=dict)  # haproxy: backend name -> lines on how health is asked for, where connecting is not enough
    files: dict = field(default_factory=dict)   # host name -> {path: text}, written before each recording
    nginx: Callable = proxies.nginx             # (site, choices) -> nginx.conf
    haproxy: Callable = proxies.haproxy         # (site, choices) -> haproxy.cfg
    formats: dict = field(default_factory=lambda: proxies.LOG_FORMATS)  # nginx: access log formats by name
    inner: dict = field(default_factory=dict)   # host name -> path of its nginx.conf: further hosts on which nginx logs
    settle: int = 0                             # seconds that its applications need to start, beyond the usual ones
    containers: dict = field(default_factory=dict)  # host name -> {container name: words for `docker run`}; only these hosts run Docker

    def units_of(self, host):
        return self.units[host] + self.on_demand.get(host, [])

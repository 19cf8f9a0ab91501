"""A scenario: what is broken, how, and what a classifier should say; and the words for it."""
import zlib
from dataclasses import dataclass, field
from typing import Callable

from layout import Site

Step = Callable[..., object]


@dataclass
class Scenario:
    name: str
    fault: Step
    repair: Step
    incidents: list = field(default_factory=list)
    rates: dict = field(default_factory=dict)
    sub_cause: str | None = None
    notes: str = ""
    nginx: dict = field(default_factory=dict)
    haproxy: dict = field(default_factory=dict)
    setup: Step | None = None
    prepare: Step | None = None
    steps: list = field(default_factory=list)
    streams: list = field(default_factory=list)
    acceptable: list = field(default_factory=list)
    kernel: dict = field(default_factory=dict)  # words of a kernel record that names neither process nor card -> the host it is of
    zone: str = "Etc/UTC"
    patience: float = 30
    healthy: float = 20
    span: float = 17
    tail: float = 11

    @property
    def iso(self):
        """Every other recording has ISO 8601 stamps in haproxy.log, the others the traditional ones."""
        return zlib.crc32(self.name.encode()) % 2 == 1

    def disturbed(self):
        """The services that fail; only the proxies named in rates ask for them, so that the truth names all that fails."""
        if all(i["culprit"]["host"].startswith("edge") for i in self.incidents):
            return set()
        return {service for _, service in self.rates}


@dataclass
class Catalogue:
    """The scenarios of one site, by name."""
    site: Site
    scenarios: dict = field(default_factory=dict)

    def add(self, name, *what, **more):
        assert name not in self.scenarios, name
        self.scenarios[name] = Scenario(name, *what, **more)


def ng(name, *servers):
    """An upstream of nginx."""
    return {"proxy": "edge1", "kind": "nginx", "name": name, "servers": list(servers)}


def ha(name, **servers):
    """A backend of haproxy."""
    return {"proxy": "edge2", "kind": "haproxy", "name": name, "servers": [{"name": n, "address": a} for n, a in servers.items()]}


def incident(cause, sub_cause, upstreams, host, unit=None):
    return {"cause": cause, "sub_cause": sub_cause, "upstreams": upstreams if isinstance(upstreams, list) else [upstreams],
            "culprit": {"host": f"{host}.lab", "unit": f"{unit}.service" if unit else None}}


def at1(service, rate=5):
    return {("edge1", service): rate}


def at2(service, rate=5):
    return {("edge2", service): rate}

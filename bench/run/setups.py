# SPDX-License-Identifier: Apache-2.0
"""nginx alone, and behind three pairs of programs that encrypt what is between them: one on its side, one on the
client's. TLS is 1.3 with AES-128-GCM, X25519 and a P-256 certificate, nothing is resumed, and both ends of a pair run
on this machine."""
import subprocess

from processes import Cost, Lacks, await_start, find, free_port, listens, start

NGINX = """\
daemon off;
worker_processes 1;
pid /tmp/nginx-{port}.pid;
error_log stderr crit;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000000;
    keepalive_timeout 1h;
    lingering_time 1h;
    client_max_body_size 0;
    client_body_temp_path /tmp/nginx-{port}-body;
    proxy_temp_path /tmp/nginx-{port}-proxy;
    fastcgi_temp_path /tmp/nginx-{port}-fastcgi;
    scgi_temp_path /tmp/nginx-{port}-scgi;
    uwsgi_temp_path /tmp/nginx-{port}-uwsgi;
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        root {folder}/pages;
        location = /sink {{ return 204; }}
    }}
}}
"""

STUNNEL = """\
foreground = yes
debug = 3
pid =
socket = a:TCP_NODELAY=1
socket = l:TCP_NODELAY=1
socket = r:TCP_NODELAY=1
sslVersion = TLSv1.3
ciphersuites = TLS_AES_128_GCM_SHA256
curves = X25519
options = NO_TICKET
sessionResume = no
[{role}]
accept = 127.0.0.1:{port}
connect = 127.0.0.1:{to}
"""
STUNNEL_ROLE = {"server": "cert = {folder}/server.pem\n",
                "client": "client = yes\nverifyChain = yes\nCAfile = {folder}/certificate.pem\n"}

HAPROXY = """\
global
    maxconn 4000
    nbthread 1
defaults
    mode tcp
    timeout connect 10s
    timeout client 1h
    timeout server 1h
frontend front
    bind 127.0.0.1:{port} {bind}
    default_backend back
backend back
    server one 127.0.0.1:{to} {server}
"""
HAPROXY_TLS = "ssl-min-ver TLSv1.3 no-tls-tickets ciphersuites TLS_AES_128_GCM_SHA256"
HAPROXY_ROLE = {
    "server": {"bind": f"ssl crt {{folder}}/server.pem curves X25519 {HAPROXY_TLS}", "server": ""},
    "client": {"bind": "",
               "server": f"ssl verify required ca-file {{folder}}/certificate.pem no-ssl-reuse {HAPROXY_TLS}"},
}

# What stands for the machine, and what all have behind them, is none of a pair's cost.
BESIDES = ("nginx", "troth-sim")


def certificate(folder):
    """A server's, whose one client trusts just it."""
    words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
             "-subj", "/CN=localhost", "-keyout", folder / "key.pem", "-out", folder / "certificate.pem"]
    subprocess.run(words, check=True, capture_output=True)
    both = (folder / "certificate.pem").read_bytes() + (folder / "key.pem").read_bytes()
    (folder / "server.pem").write_bytes(both)


class Setup:
    """Something that answers at `port`."""

    def __init__(self, folder):
        self.folder, self.children, self.port, self.lacks = folder, [], 0, ""
        try:
            self.raise_all()
        except Lacks as why:
            self.lacks = str(why)

    def settings(self, name, text, **values):
        path = self.folder / f"{self.name}-{name}.conf"
        path.write_text(text.format(folder=self.folder, **values))
        return path

    def log(self):
        """The next program's."""
        return self.folder / f"{self.name}-{len(self.children)}.log"

    def run(self, words, until):
        """A program, until there is what it waits for."""
        log = self.log()
        child = start(words, log)
        self.children.append(child)
        await_start(child, log, until)

    def nginx_words(self, port):
        return [find("nginx"), "-e", "stderr", "-c", self.settings("nginx", NGINX, port=port)]

    def nginx(self):
        port = free_port()
        self.run(self.nginx_words(port), listens(port))
        return port

    def cost(self):
        return Cost(self.children, BESIDES)


class Alone(Setup):
    name = "nginx"

    def raise_all(self):
        self.port = self.nginx()


class Stunnel(Setup):
    name = "stunnel"

    def raise_all(self):
        program, self.port = find("stunnel"), self.nginx()
        for role in ("server", "client"):
            port, own = free_port(), STUNNEL_ROLE[role]
            self.run([program, self.settings(role, STUNNEL + own, role=role, port=port, to=self.port)], listens(port))
            self.port = port


class Haproxy(Setup):
    name = "haproxy"

    def raise_all(self):
        program, self.port = find("haproxy"), self.nginx()
        for role in ("server", "client"):
            port = free_port()
            own = {key: text.format(folder=self.folder) for key, text in HAPROXY_ROLE[role].items()}
            self.run([program, "-db", "-f", self.settings(role, HAPROXY, port=port, to=self.port, **own)],
                     listens(port))
            self.port = port

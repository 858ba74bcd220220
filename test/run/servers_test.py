#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Servers and clients as they are, with a proof between them that neither knows of. TAP.

usage: servers_test.py TROTH RUN SIM [WORDS]     those cases whose name has these words
"""
import hashlib
import os
import re
import subprocess
import sys
import threading
from pathlib import Path

sys.dont_write_bytecode = True
sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[1] / "cli")]
import behind
from behind import Behind, Folder, Local, call, connect, environment, good, needs, until

import tap
from tap import case, expect

SYSTEM = "/usr, /bin, /lib, /lib64, /etc"
BIG = 24 << 20


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def make_site(folder):
    """A page, and a file whose digest is returned."""
    big = os.urandom(1 << 20) * (BIG >> 20)
    folder.write("site/index.html", "a page\n")
    folder.write("site/big", big)
    return big


def check_pages(local, big, ranges):
    """What curl gets of such a site."""
    url = f"http://127.0.0.1:{local.port}"
    expect(good(call(["curl", "-sS", url + "/"])) == b"a page\n")
    expect(call(["curl", "-sSf", url + "/none"])[0] == 22, "what is not there")
    expect(sha256(good(call(["curl", "-sS", url + "/big"]))) == sha256(big), "much data")
    many = good(call(["curl", "-sS", "-Z", "--parallel-max", "20", *[url + "/"] * 40]))
    expect(many == b"a page\n" * 40, many)
    if ranges:
        expect(good(call(["curl", "-sS", "-r", "1048000-1049000", url + "/big"])) == big[1048000:1049001], "a part")


@case("python3 -m http.server and curl")
def http_server():
    needs("curl", "python3")
    with Folder() as folder:
        big = make_site(folder)
        with Behind(folder, f"""
program: [python3, -m, http.server, "8000", --bind, 127.0.0.1]
upstream: 127.0.0.1:8000
user: nobody
directory: {folder / 'site'}
read: [{SYSTEM}, {folder / 'site'}]
""") as server:
            status, page, said = call(server.connect("--", "curl", "-sS", "http://{}/"))
            expect(status == 0 and page == b"a page\n" and said.startswith("proven: ") and "SIMULATED" in said, said)
            with Local(server.connect()) as local:
                check_pages(local, big, ranges=False)


NGINX = """
pid /tmp/nginx.pid;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path /tmp/body;
    proxy_temp_path /tmp/proxy;
    fastcgi_temp_path /tmp/fastcgi;
    uwsgi_temp_path /tmp/uwsgi;
    scgi_temp_path /tmp/scgi;
    server {{
        listen {listen};
        root {site};
        location = /back {{ client_max_body_size 64m; proxy_pass http://{listen_again}/taken; }}
        location = /taken {{ client_max_body_size 64m; return 200 "$content_length\\n"; }}
    }}
}}
"""


def nginx(folder, listen):
    again = listen if "unix:" not in listen else listen + ":"
    folder.write("nginx.conf", NGINX.format(listen=listen, listen_again=again, site=folder / "site"))
    return f"""
program: [nginx, -c, {folder / 'nginx.conf'}, -e, stderr, -g, daemon off;]
user: www-data
read: [{SYSTEM}, {folder / 'nginx.conf'}, {folder / 'site'}]
"""


@case("nginx and curl, by TCP")
def nginx_curl():
    needs("nginx", "curl")
    with Folder() as folder:
        big = make_site(folder)
        with Behind(folder, nginx(folder, "127.0.0.1:80") + "upstream: 127.0.0.1:80\n") as server, \
                Local(server.connect()) as local:
            check_pages(local, big, ranges=True)
            back = f"http://127.0.0.1:{local.port}/back"
            taken = call(["curl", "-sS", "-T", folder / "site/big", "-X", "POST", back])
            expect(good(taken) == f"{BIG}\n".encode(), taken)


@case("nginx and wrk, by a socket's path, each connection with evidence of its own")
def nginx_wrk():
    needs("nginx", "wrk")
    with Folder() as folder:
        make_site(folder)
        at = folder / "state/program/web.sock"
        with Behind(folder, nginx(folder, f"unix:{at}") + f"upstream: {at}\n") as server:
            for more in ((), ("--require", "strict")):
                with Local(server.connect(*more)) as local:
                    url = f"http://127.0.0.1:{local.port}/"
                    said = good(call(["wrk", "-t", "2", "-c", "32", "-d", "2", url])).decode()
                    found = re.search(r"(\d+) requests in", said)
                    expect(found and int(found[1]) > 200, said)
                    expect("Socket errors" not in said and "Non-2xx" not in said, said)


REDIS = """
bind 127.0.0.1
port 6379
save ""
appendonly yes
appendfsync no
dir {data}
protected-mode no
logfile ""
"""


@case("redis-server and redis-cli: one after the other, many at once, and much")
def redis():
    needs("redis-server", "redis-cli")
    with Folder() as folder:
        folder.write("redis.conf", REDIS.format(data=folder / "data"))
        (folder / "data").mkdir()
        subprocess.run(["chown", "redis:", str(folder / "data")], check=True)
        run_file = f"""
program: [redis-server, {folder / 'redis.conf'}]
upstream: 127.0.0.1:6379
user: redis
read: [{SYSTEM}, {folder / 'redis.conf'}]
write: [{folder / 'data'}]
"""
        big = os.urandom(1 << 20) * (BIG >> 20)
        with Behind(folder, run_file) as server, Local(server.connect()) as local:
            check_redis(["redis-cli", "-p", local.port], big)
        # What it wrote is there for the next one.
        with Behind(folder, run_file) as server, Local(server.connect()) as local:
            client = ["redis-cli", "-p", local.port, "--raw"]
            until(lambda: b"PONG" in call([*client, "ping"])[1], "what was written is read")
            expect(sha256(good(call([*client, "get", "big"]))[:-1]) == sha256(big), "it is there no more")


def check_redis(client, big):
    expect(good(call([*client, "ping"])) == b"PONG\n")
    expect(good(call([*client, "-x", "set", "big"], big)) == b"OK\n")
    expect(sha256(good(call([*client, "--raw", "get", "big"]))[:-1]) == sha256(big), "much data")
    commands = b"".join(b"*3\r\n$3\r\nSET\r\n$%d\r\nkey%d\r\n$%d\r\n%d\r\n" % (3 + len(str(i)), i, len(str(i)), i)
                        for i in range(20000))
    expect(b"errors: 0, replies: 20000" in good(call([*client, "--pipe"], commands)), "many commands at once")
    expect(good(call([*client, "get", "key19999"])) == b"19999\n")
    refused = call([*client, "config", "set", "dir", "/etc"])
    expect(b"ERR" in refused[1], refused)
    check_messages(client)


def check_messages(client):
    """One that waits hears what another says."""
    listening = subprocess.Popen([str(w) for w in [*client, "subscribe", "news"]], stdout=subprocess.PIPE,
                                 stdin=subprocess.DEVNULL, env=environment())
    watch = threading.Timer(behind.PATIENCE, listening.kill)
    watch.start()
    try:
        for wanted in (b"subscribe", b"news", b"1"):
            expect(listening.stdout.readline().strip().endswith(wanted), wanted)
        expect(good(call([*client, "publish", "news", "an event"])) == b"1\n")
        heard = [listening.stdout.readline().strip() for _ in range(3)]
        expect(heard[2] == b"an event", heard)
    finally:
        watch.cancel()
        listening.kill()
        listening.wait()


SSHD = """
ListenAddress 127.0.0.1
Port 2222
HostKey {0}/host
AuthorizedKeysFile {0}/own.pub
PidFile none
UsePAM no
StrictModes no
PasswordAuthentication no
Subsystem sftp internal-sftp
"""


# A machine with one more user, who may log in: only what is started here sees it.
PASSWD = ["unshare", "--mount", "sh", "-c", 'mount --bind "$0" /etc/passwd && exec "$@"']


def make_keys(folder, user):
    for name in ("host", "own"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
    os.chown(folder / "host", user, user)
    key = (folder / "host.pub").read_text().split()
    folder.write("known", f"behind {key[0]} {key[1]}\n")
    folder.write("config", SSHD.format(folder.path))
    home = folder / "home"
    home.mkdir()
    os.chown(home, user, user)
    return folder.write("passwd", Path("/etc/passwd").read_text() + f"troth-guest:x:{user}:{user}::{home}:/bin/sh\n")


def client_words(folder, program, proxy):
    quoted = " ".join(f"'{w}'" for w in proxy)
    return [program, "-q", "-F", "none", "-i", folder / "own", "-o", f"ProxyCommand={quoted}", "-o",
            f"UserKnownHostsFile={folder / 'known'}", "-o", "GlobalKnownHostsFile=none", "-o",
            "StrictHostKeyChecking=yes", "-o", "BatchMode=yes", "-o", "User=troth-guest"]


@case("an SSH server without privileges: a command, its status, data both ways, files")
def ssh():
    sshd, _, _, _, _ = needs("sshd", "ssh", "ssh-keygen", "sftp", "unshare")
    user = 60700
    with Folder() as folder:
        passwd = make_keys(folder, user)
        with Behind(folder, f"""
program: [{sshd}, -D, -e, -f, {folder / 'config'}]
upstream: 127.0.0.1:2222
user: troth-guest
read: [{SYSTEM}, {folder / 'config'}, {folder / 'host'}, {folder / 'own.pub'}]
write: [{folder / 'home'}]
""", before=[*PASSWD, passwd]) as server:
            client = [*client_words(folder, "ssh", server.connect("--stdio")), "behind"]
            who = call([*client, "id -u; pwd; exit 3"])
            expect(who[:2] == (3, f"{user}\n{folder / 'home'}\n".encode()), who, server.said)
            data = os.urandom(1 << 20) * 8
            expect(good(call([*client, "sha256sum"], data)).split()[0] == sha256(data).encode(), "there")
            expect(sha256(good(call([*client, "cat"], data))) == sha256(data), "and back")
            folder.write("sent", data)
            batch = f"put {folder / 'sent'} file\nrename file other\nget other {folder / 'got'}\n"
            good(call([*client_words(folder, "sftp", server.connect("--stdio")), "-b", "-", "behind"], batch.encode()))
            expect((folder / "got").read_bytes() == data and (folder / "home/other").stat().st_uid == user)


@case("another image's policy: no client of any server gets through")
def refused():
    needs("curl", "python3")
    with Folder() as folder, Folder() as other:
        make_site(folder)
        with Behind(folder, f"""
program: [python3, -m, http.server, "8000", --bind, 127.0.0.1]
upstream: 127.0.0.1:8000
directory: {folder / 'site'}
read: [{SYSTEM}, {folder / 'site'}]
""") as server:
            good(call(["cp", "-r", folder / "sim", other / "sim"]))
            policy = other / "sim/policy.yaml"
            policy.write_text(re.sub(r"(rtmr3: )\w+", r"\g<1>" + "00" * 48, policy.read_text()))
            asked = call(connect(server.address, other / "sim", "--", "curl", "-sS", "http://{}/"))
            expect(asked[0] == 1 and asked[1] == b"" and "rtmr3" in asked[2], asked)


def main(troth, run, sim, only=None):
    behind.HERE.update(troth=troth, run=run, sim=sim)
    if only:
        tap.cases[:] = [c for c in tap.cases if only in c[0]]
    return tap.run(threads=3)


sys.exit(main(*sys.argv[1:]))

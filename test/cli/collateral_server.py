# SPDX-License-Identifier: Apache-2.0
"""The services that collateral comes from, on a loopback port: Intel's, a PCCS, AMD's.

What they answer is minted. A test changes it: answers by path, each a list of which the last
one stays.
"""
import json
import re
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote


class Answer:
    """One answer; what is odd about it is named."""

    def __init__(self, body=b"", status=200, headers=None, pause=0.0, cut=0, drip=0.0):
        self.body, self.status, self.headers = body, status, dict(headers or {})
        self.pause = pause  # seconds before the first byte
        self.cut = cut      # bytes that never come
        self.drip = drip    # seconds between one byte and the next

    def but(self, **changes):
        return Answer(**{**vars(self), **changes})


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        answer = self.server.take(self.path, dict(self.headers))
        if answer.pause:
            time.sleep(answer.pause)
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        body = answer.body[:len(answer.body) - answer.cut]
        try:
            if answer.drip:
                for i in range(len(body)):
                    self.wfile.write(body[i:i + 1])
                    self.wfile.flush()
                    time.sleep(answer.drip)
            else:
                self.wfile.write(body)
        except OSError:  # whoever asked has gone
            pass
        if answer.cut:
            self.close_connection = True
        with self.server.lock:
            self.server.busy -= 1

    def log_message(self, *_):
        pass


class Service(ThreadingHTTPServer):
    """with Service(answers) as service: … service.url …"""
    daemon_threads = True
    block_on_close = False

    def __init__(self, answers, certificate=None):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers = {path: a if isinstance(a, list) else [a] for path, a in answers.items()}
        self.asked, self.busy, self.busiest, self.lock = [], 0, 0, threading.Lock()
        scheme = "http"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self.socket = context.wrap_socket(self.socket, server_side=True)
            scheme = "https"
        self.url = f"{scheme}://localhost:{self.server_port}/"

    def handle_error(self, *_):  # a client that hangs up is part of the tests
        pass

    def take(self, path, headers):
        with self.lock:
            self.asked.append((path, headers))
            self.busy += 1
            self.busiest = max(self.busy, self.busiest)
            answers = self.answers.get(path) or [Answer(b"nothing here", 404)]
            return answers.pop(0) if len(answers) > 1 else answers[0]

    def paths(self):
        with self.lock:
            return [path for path, _ in self.asked]

    def __enter__(self):
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()


def intel(folder, tee, early=None):
    """The answers of a PCCS that knows the platform of minted evidence; `early` is a folder
    with what the early statements are."""
    def statement(of, name, header):
        chain = quote(bundle(of)["tcb_info_issuer_chain"])
        return Answer(Path(of, "collateral", name).read_bytes(),
                      headers={"Content-Type": "application/json", header: chain})

    def bundle(of):
        return json.loads(Path(of, "collateral.json").read_text())

    own = bundle(folder)
    fmspc = json.loads(own["tcb_info"])["fmspc"].lower()
    answers = {}
    for of, ending in ((folder, ""), (early, "update=early")):
        if of:
            answers[f"/{tee}/certification/v4/tcb?fmspc={fmspc}{ending and '&' + ending}"] = \
                statement(of, "tcb-info.json", "TCB-Info-Issuer-Chain")
            answers[f"/{tee}/certification/v4/qe/identity{ending and '?' + ending}"] = \
                statement(of, "qe-identity.json", "SGX-Enclave-Identity-Issuer-Chain")
    crl = Answer(Path(folder, "collateral/pck-crl.der").read_bytes(),
                 headers={"SGX-PCK-CRL-Issuer-Chain": quote(own["pck_crl_issuer_chain"])})
    for name in ("platform", "processor"):
        answers[f"/sgx/certification/v4/pckcrl?ca={name}&encoding=der"] = crl
    answers["/sgx/certification/v4/rootcacrl"] = Answer(own["root_ca_crl"].encode())
    return answers


def amd(folder, paths):
    """The answers of AMD's service; `paths` are those that `troth collateral show` says."""
    def pem(*names):
        return b"".join(Path(folder, f"{name}.pem").read_bytes() for name in names)

    def der(name):
        import base64
        return base64.b64decode(re.sub(rb"-----.*-----", b"", pem(name)))

    answers = {}
    for path in paths:
        if path.endswith("/cert_chain"):
            answers[path] = Answer(pem("ask", "root"))
        elif path.endswith("/crl"):
            answers[path] = Answer(der("crl"))
        else:
            answers[path] = Answer(der("vek"))
    return answers

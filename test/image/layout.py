# SPDX-License-Identifier: Apache-2.0
"""OCI image layouts for tests."""
import gzip
import hashlib
import json

OCI, DOCKER = "application/vnd.oci.image.", "application/vnd.docker."
MANIFEST = (OCI + "manifest.v1+json", DOCKER + "distribution.manifest.v2+json")
INDEX = (OCI + "index.v1+json", DOCKER + "distribution.manifest.list.v2+json")
CONFIG = (OCI + "config.v1+json", DOCKER + "container.image.v1+json")
LAYER = (OCI + "layer.v1.tar", DOCKER + "image.rootfs.diff.tar")


def sha256(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def keep(root, data, media_type, **more):
    (root / "blobs/sha256" / sha256(data)[7:]).write_bytes(data)
    return {"mediaType": media_type, "digest": sha256(data), "size": len(data), **more}


def machine_of(root, tars, machine, change, packed, docker):
    """A manifest with what it leads to, for one machine."""
    packing = (".gzip" if docker else "+gzip") if packed else ""
    layers = [keep(root, gzip.compress(tar, mtime=0) if packed else tar, LAYER[docker] + packing) for tar in tars]
    documents = {
        "config": {"architecture": machine, "os": "linux", "config": {"Cmd": None, "Entrypoint": None, "Env": ["A=b"]},
                   "rootfs": {"type": "layers", "diff_ids": [sha256(tar) for tar in tars]},
                   "history": [{"created_by": "x", "empty_layer": True}]},
        "manifest": {"schemaVersion": 2, "mediaType": MANIFEST[docker], "layers": layers,
                     "annotations": {"org.opencontainers.image.created": "now"}},
        "oci-layout": {"imageLayoutVersion": "1.0.0"},
    }
    if change:
        change(documents)
    documents["manifest"]["config"] = keep(root, json.dumps(documents["config"]).encode(), CONFIG[docker])
    (root / "oci-layout").write_text(json.dumps(documents["oci-layout"]))
    return json.dumps(documents["manifest"]).encode()


def write(root, tars, change=None, packed=False, docker=False, nested=0, names=None, machines=None):
    """A layout of images with these layers; `change` may change its documents before they are hashed."""
    (root / "blobs/sha256").mkdir(parents=True)
    rows = []
    for machine in machines or ["amd64"]:
        data = machine_of(root, tars, machine, change, packed, docker)
        platform = {"platform": {"architecture": machine, "os": "linux"}} if machines else {}
        rows.append(keep(root, data, MANIFEST[docker], **platform))
    if names:
        # One each, of which the first is the image; the others hold nothing.
        other = machine_of(root, [], "amd64", None, False, docker)
        images = [rows[0]] + [keep(root, other, MANIFEST[docker]) for _ in names[1:]]
        rows = [{**row, "annotations": {"org.opencontainers.image.ref.name": name}} for row, name in zip(images, names)]
    if machines:
        rows.append(keep(root, b"{}", MANIFEST[docker], platform={"architecture": "unknown", "os": "unknown"}))
    for _ in range(nested):
        data = json.dumps({"schemaVersion": 2, "mediaType": INDEX[docker], "manifests": rows}).encode()
        rows = [keep(root, data, INDEX[docker])]
    (root / "index.json").write_text(json.dumps({"schemaVersion": 2, "mediaType": INDEX[docker], "manifests": rows}))
    return root

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""troth build: the same bytes from the same source, whatever else differs. TAP.

usage: build_test.py TROTH
"""
import hashlib
import json
import os
import platform
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "cli")]
import build_world as world
import eif_reader
import schema
import tap
from tap import Skip, case, expect

TROTH = Path(sys.argv[1]).resolve()
FOLDER = Path(tempfile.mkdtemp(prefix="troth-build-"))
FOLDER.chmod(0o711)  # --check builds as another user
ENDINGS = (".eif", ".measurements.json", ".provenance.json", ".spdx.json")
SCHEMA = json.loads((Path(__file__).parents[2] / "docs/build.schema.json").read_text())
RUNTIME = world.runtime(FOLDER / "runtime")


def fresh(name):
    """A folder of its own for a case."""
    made = FOLDER / re.sub(r"\W+", "-", name)
    made.mkdir(parents=True)
    return made


def troth(*words, **more):
    return subprocess.run([str(TROTH), *map(str, words)], capture_output=True, text=True, check=False, **more)


def build(source, *options, output=None, **more):
    """Outputs by their endings, and how it ended."""
    output = output or Path(tempfile.mkdtemp(dir=FOLDER))
    if "--runtime" not in options:
        options = ("--runtime", RUNTIME, *options)
    done = troth("build", "--store", FOLDER / "store", "--output", output, *options, source, **more)
    return {p.name.removeprefix("small"): p.read_bytes() for p in sorted(output.iterdir())}, done


def built(source, *options, **more):
    files, done = build(source, *options, **more)
    expect(done.returncode == 0, done.stderr, done.stdout)
    expect(sorted(files) == sorted(ENDINGS), sorted(files))
    return files


def refused(source, *words, options=(), **more):
    """There is no image, and why is said; nothing is left behind."""
    files, done = build(source, *options, **more)
    expect(done.returncode == 2, done.returncode, done.stdout, done.stderr)
    expect(not files, "left behind:", sorted(files))
    for word in words:
        expect(word in done.stderr, f"no {word!r} in", done.stderr)
    return done.stderr


def pcrs(files):
    return {k: v.hex() for k, v in eif_reader.read(files[".eif"])["pcrs"].items()}


def ramdisks(files):
    data = files[".eif"]
    return [data[s["offset"]:s["offset"] + s["size"]] for s in eif_reader.read(data)["sections"]
            if s["kind"] == "ramdisk"]


# ---- what is written ----

@case("--lock writes the image, what goes with it and a lock that the next build takes")
def lock():
    source = world.source(fresh("lock"))
    first = built(source, "--lock")
    expect((source / "build.lock").exists())
    expect(built(source) == first)
    again = (source / "build.lock").read_bytes()
    expect(built(source, "--lock") == first)
    expect((source / "build.lock").read_bytes() == again, "a lock that differs from itself")
    expect(built(source / "build.yaml") == first, "a folder and its file are two things")


@case("the registers that are printed are those that another reader computes")
def registers():
    source = world.source(fresh("registers"))
    files, done = build(source, "--lock", "--json")
    expect(done.returncode == 0, done.stderr)
    said = json.loads(done.stdout)
    expect(not list(schema.check(said, SCHEMA, SCHEMA, "build")), list(schema.check(said, SCHEMA, SCHEMA, "build")))
    expect(said == json.loads(files[".measurements.json"]))
    expect(said["image"]["sha256"] == hashlib.sha256(files[".eif"]).hexdigest())
    expect(said["image"]["size"] == len(files[".eif"]))
    expect(said["measurements"]["nitro"] == {f"nitro.{k}": v for k, v in pcrs(files).items()}, said)
    files, done = build(source)
    for value in pcrs(files).values():
        expect(value in done.stdout, done.stdout)
    read = eif_reader.read(files[".eif"])
    expect(read["crc"]["good"] and read["architecture"] == "x86_64" and read["version"] == 4, read)
    expect([s["kind"] for s in read["sections"]] == ["kernel", "cmdline", "metadata", "ramdisk", "ramdisk"])
    expect(json.loads(read["metadata"])["ImageName"] == "small", read["metadata"])


@case("ramdisks hold what the build file says, sorted, once, of no machine")
def contents():
    files = built(world.source(fresh("contents")), "--lock")
    for archive in ramdisks(files):
        rows = list(world.members(archive))
        paths = [r[0].encode() for r in rows]
        expect(paths == sorted(set(paths)), paths)
        expect([r[5] for r in rows] == list(range(1, len(rows) + 1)), "numbers")
        expect(all(r[6] == 1 and r[4] == world.TIME for r in rows), "links, times")
    base, application = ({r[0]: r for r in world.members(a)} for a in ramdisks(files))
    expect(list(base) == ["init", "modules", "modules/00-odd.ko", "troth", "troth/troth-agent",
                          "troth/troth-outbound", "troth/troth-run"], list(base))
    expect(base["init"][7] == world.elf(b"troth-init") and base["init"][1] == 0o100755)
    expect(base["modules/00-odd.ko"][7] == b"a module\n")
    wanted = {"rootfs/etc/greeting": (0o100644, b"hello\n"), "rootfs/link": (0o120777, b"etc/greeting"),
              "rootfs/usr/share/script": (0o100755, b"#!/bin/sh\n"), "rootfs/empty": (0o40755, b""),
              "rootfs/srv/more/large": (0o100644, bytes(range(256)) * 1000),
              "rootfs/usr/bin/tool": (0o100755, world.elf(b"tool")),
              "rootfs/etc/troth/run.yaml": (0o100644, world.RUN.encode()),
              "rootfs/opt/layer.txt": (0o100640, b"from a layer\n")}
    for path, (mode, content) in wanted.items():
        expect(path in application, path, sorted(application))
        expect(application[path][1] == mode and application[path][7] == content, path, application[path][:4])
    expect(application["rootfs/opt/layer.txt"][2:4] == (7, 7), "whose it is in a layer is kept")


@case("a run file written in the build file goes in as JSON, keys in their order")
def run_inside():
    text = world.BUILD.replace("run: run.yaml", "run:\n  upstream: 127.0.0.1:8000\n  program: [/usr/bin/tool, a b]\n"
                               "  listen: vsock:8443")
    files = built(world.source(fresh("run-inside"), text), "--lock")
    held = {r[0]: r[7] for r in world.members(ramdisks(files)[1])}["rootfs/etc/troth/run.yaml"]
    expect(list(json.loads(held)) == ["upstream", "program", "listen"], held)


@case("time: is the time of everything")
def time_of_all():
    text = "time: 2001-09-09T01:46:40Z\n" + world.BUILD
    files = built(world.source(fresh("time"), text), "--lock")
    expect({r[4] for a in ramdisks(files) for r in world.members(a)} == {1000000000})
    expect(json.loads(files[".spdx.json"])["creationInfo"]["created"] == "2001-09-09T01:46:40Z")


# ---- what must not matter ----

def other(source, name):
    """The same once more: other folder, order, times, modes of no account."""
    copy = fresh(name) / "deep/er/with space"
    paths = sorted(source.rglob("*"), reverse=True)
    for path in paths:
        to = copy / path.relative_to(source)
        to.parent.mkdir(parents=True, exist_ok=True)
        if path.is_symlink():
            os.symlink(os.readlink(path), to)
        elif path.is_dir():
            to.mkdir(exist_ok=True)
        else:
            to.write_bytes(path.read_bytes())
            to.chmod(0o700 if path.stat().st_mode & 0o100 else 0o600)
        os.utime(to, (1, 1234567890), follow_symlinks=False)
    for path in copy.rglob("*"):
        if path.is_dir():
            path.chmod(0o700)
    return copy


@case("folder, order, times, modes, umask, locale, zone, SOURCE_DATE_EPOCH: nothing of it shows")
def nothing_shows():
    source = world.source(fresh("nothing-shows"))
    first = built(source, "--lock")
    env = {**os.environ, "TZ": "Asia/Kathmandu", "LC_ALL": "tr_TR.UTF-8", "SOURCE_DATE_EPOCH": "12345",
           "HOME": "/nonexistent", "USER": "somebody"}
    second = built(other(source, "nothing-shows-2"), env=env, umask=0o077)
    for ending in ENDINGS:
        expect(first[ending] == second[ending], f"{ending} differs")


@case("no output names a folder, a user, a machine or a moment")
def no_names():
    source = world.source(fresh("no-names"))
    files = built(source, "--lock")
    said = b"".join(files[e] for e in ENDINGS)
    for word in (str(FOLDER), str(source), platform.node(), time.strftime("%Y-%m-%d"), os.environ.get("USER", "")):
        expect(len(word) < 5 or word.encode() not in said, word)  # "vm" is in "vmlinuz"


@case("one bit of a file is in PCR0 and PCR2, of the kernel in PCR0 and PCR1, of metadata in none")
def bits():
    source = world.source(fresh("bits"))
    first = pcrs(built(source, "--lock"))

    def changed():
        now = pcrs(built(source, "--lock"))
        return {k for k in now if now[k] != first[k]}
    content = (source / "more/large").read_bytes()
    world.write(source / "more/large", content[:-1] + bytes([content[-1] ^ 1]))
    expect(changed() == {"pcr0", "pcr2"}, changed())
    world.write(source / "more/large", content)
    expect(changed() == set(), changed())
    world.write(source / "vmlinuz", b"A" + (source / "vmlinuz").read_bytes()[1:])
    expect(changed() == {"pcr0", "pcr1"}, changed())
    source2 = world.source(fresh("bits-2"), world.BUILD.replace('"7"', '"8"'))
    expect(pcrs(built(source2, "--lock")) == first)


# ---- as locked ----

def touch(path, content=b"another\n"):
    return lambda source: world.write(source / path, content)


CHANGES = [
    ("a file's content", "files/etc/greeting", "is not what was locked", touch("files/etc/greeting")),
    ("a file's content, of the same length", "files/etc/greeting", "is not what was locked",
     touch("files/etc/greeting", b"jello\n")),
    ("the last byte of a large file", "more/large", "is not what was locked",
     touch("more/large", bytes(range(256)) * 999 + bytes(range(255)) + b"x")),
    ("whether a file may be run", "files/usr/share/script", "is not what was locked",
     lambda s: (s / "files/usr/share/script").chmod(0o644)),
    ("a file that is gone", "files/usr/share/a/b", "is not there", lambda s: (s / "files/usr/share/a/b").unlink()),
    ("a file more", "files/new", "was not there", touch("files/new")),
    ("an empty folder more", "more/hollow", "was not there", lambda s: (s / "more/hollow").mkdir()),
    ("an empty folder that is gone", "files/empty", "is not there", lambda s: (s / "files/empty").rmdir()),
    ("where a link leads", "files/link", "is not what was locked",
     lambda s: ((s / "files/link").unlink(), os.symlink("usr", s / "files/link"))),
    ("a program", "tool", "is not what was locked", touch("tool", world.elf(b"other"))),
    ("the run file", "run.yaml", "is not what was locked", touch("run.yaml", world.RUN.replace("8000", "8001"))),
    ("a module", "odd.ko", "is not what was locked", touch("odd.ko")),
    ("the kernel", "vmlinuz", "is not what was locked", touch("vmlinuz")),
    ("the build file", "build.yaml", "is not what was locked", touch("build.yaml", world.BUILD + "# more\n")),
    ("a layer", "layout", "is not what was locked",
     lambda s: (shutil.rmtree(s / "layout"), world.oci(s / "layout", b"another layer\n"))),
]


def of_change(why, name, how, change):
    @case(f"refused, and named: {why}")
    def one():
        source = world.source(fresh(f"change-{why}"))
        first = built(source, "--lock")
        change(source)
        said = refused(source, f"{name}: ", how, "--lock")
        expect("more inputs differ" not in said, said)
        # The lock takes it, and then it is an image of its own, or only its papers differ.
        expect(built(source, "--lock") != first)
        built(source)


for row in CHANGES:
    of_change(*row)


@case("refused, and named: one of Troth's own programs")
def runtime_changed():
    source = world.source(fresh("runtime-changed"))
    built(source, "--lock")
    changed = world.runtime(fresh("runtime-other"))
    world.write(changed / "troth-agent", world.elf(b"another agent"), 0o755)
    refused(source, "troth-agent: is not what was locked", options=("--runtime", changed))


@case("the first is named, and the others are counted")
def counted():
    source = world.source(fresh("counted"))
    built(source, "--lock")
    for name in ("files/1", "files/2", "more/3"):
        world.write(source / name, "new")
    refused(source, "files/1: was not there", "and 2 more inputs differ")


@case("what differs by its digest alone is counted with what differs by more")
def counted_digests():
    source = world.source(fresh("counted-digests"))
    built(source, "--lock")
    world.write(source / "files/etc/greeting", "jello\n")
    world.write(source / "more/3", "new")
    refused(source, "files/etc/greeting: is not what was locked", "and 1 more inputs differ")


@case("a file that does not come into the image, since a later row replaces it, is as locked")
def replaced_input():
    source = world.source(fresh("replaced-input"), world.BUILD.replace("  - oci: layout\n", "  - oci: layout\n    replace: true\n"))
    world.write(source / "files/opt/layer.txt", "below")
    built(source, "--lock")
    check_digests(source)
    world.write(source / "files/opt/layer.txt", "above")
    refused(source, "files/opt/layer.txt: is not what was locked")


def check_digests(source):
    """Every file in the lock is what lies there."""
    rows = [i for i in json.loads((source / "build.lock").read_text())["inputs"] if i["kind"] == "file"]
    expect(rows)
    for row in rows:
        content = (source / row["name"]).read_bytes()
        expect(row["sha256"] == hashlib.sha256(content).hexdigest() and row["size"] == len(content), row)


@case("a row within another one is listed once")
def nested():
    text = world.BUILD.replace("directory: more", "directory: files/usr")
    source = world.source(fresh("nested"), text)
    built(source, "--lock")
    lock = json.loads((source / "build.lock").read_text())
    names = [i["name"] for i in lock["inputs"]]
    expect(names.count("files/usr/share/script") == 1, names)
    check_digests(source)
    built(source)
    world.write(source / "files/usr/share/script", "#?/bin/sh\n", 0o755)
    refused(source, "files/usr/share/script: is not what was locked")


@case("without a lock file there is no image, and the hint says how to get one")
def no_lock():
    refused(world.source(fresh("no-lock")), "build.lock: is not there", "troth build --lock")


@case("a failed --lock leaves the lock that was there")
def lock_stays():
    source = world.source(fresh("lock-stays"))
    built(source, "--lock")
    before = (source / "build.lock").read_bytes()
    world.write(source / "files/etc/greeting", "changed\n")
    os.mkfifo(source / "files/pipe")
    refused(source, "files/pipe", options=("--lock",))
    expect((source / "build.lock").read_bytes() == before)


# ---- what cannot be built ----

def with_text(old, new):
    return lambda s: world.write(s / "build.yaml", world.BUILD.replace(old, new))


FAILURES = [
    ("no YAML", ["build.yaml", ":1:"], lambda s: world.write(s / "build.yaml", "name: [")),
    ("an unknown key", ["build.yaml", "kernal"], with_text("kernel:", "kernal:")),
    ("no kernel there", ["vmlinuz"], lambda s: (s / "vmlinuz").unlink()),
    ("a folder reached by a link", ["files: is reached by a link"],
     lambda s: ((s / "files").rename(s / "real"), os.symlink("real", s / "files"))),
    ("a program that is none", ["tool: "], lambda s: world.write(s / "tool", "#!/bin/sh\n")),
    ("a program of another machine", ["tool: ", "x86_64"], lambda s: world.write(s / "tool", world.elf(machine=183))),
    ("no run file", ["run.yaml"], lambda s: (s / "run.yaml").unlink()),
    ("a run file that troth-run would not take", ["run.yaml: ", "line 2", "column 1"],
     lambda s: world.write(s / "run.yaml", "program: [a]\nlisten_on: 1\n")),
    ("a run file without a program", ["run.yaml: ", "program"], lambda s: world.write(s / "run.yaml", "listen: vsock:1\n")),
    ("Troth's own place taken", ["/troth"], lambda s: world.write(s / "files/troth/x", "x")),
    ("the run file's place taken", ["run.yaml"], lambda s: world.write(s / "files/etc/troth/run.yaml", "x")),
    ("two rows that disagree", ["opt/layer.txt", "(build.yaml:10:5)"], lambda s: world.write(s / "files/opt/layer.txt", "x")),
    ("a layer that is damaged", ["layout"], lambda s: [p.write_bytes(b"x") for p in (s / "layout/blobs/sha256").iterdir()]),
    ("two images of one name in the lock", ["a:b: is the name of two images"],
     lambda s: (world.oci(s / "a", reference="b"), world.oci(s / "a:b", b"another\n"),
                world.write(s / "build.yaml", world.BUILD.replace(
                    "  - oci: layout\n", "  - oci: a\n    reference: b\n  - oci: a:b\n    replace: true\n")))),
    ("a socket, pipe or device", ["files/pipe"], lambda s: os.mkfifo(s / "files/pipe")),
    ("a kernel unlike its sha256", ["vmlinuz", "kernel.sha256"], with_text("file: vmlinuz", "file: vmlinuz\n  sha256: " + "0" * 64)),
]


def of_failure(why, words, change):
    @case(f"nothing is left behind: {why}")
    def one():
        source = world.source(fresh(f"failure-{why}"))
        change(source)
        refused(source, *words, options=("--lock",))
        expect(not (source / "build.lock").exists(), "a lock was written")


for row in FAILURES:
    of_failure(*row)


@case("replace: true takes the later row's file")
def replace():
    source = world.source(fresh("replace"), world.BUILD.replace("  - oci: layout\n", "  - oci: layout\n    replace: true\n"))
    world.write(source / "files/opt/layer.txt", "below")
    held = {r[0]: r[7] for r in world.members(ramdisks(built(source, "--lock"))[1])}
    expect(held["rootfs/opt/layer.txt"] == b"from a layer\n")


@case("an output folder that is none, or where a folder has the image's name")
def outputs():
    source = world.source(fresh("outputs"))
    done = troth("build", "--lock", "--runtime", RUNTIME, "--output", FOLDER / "nowhere", source)
    expect(done.returncode == 2 and "nowhere" in done.stderr, done.stderr)
    expect(not (source / "build.lock").exists(), "a lock was written")
    taken = fresh("outputs-taken")
    (taken / "small.spdx.json").mkdir()
    done = troth("build", "--lock", "--runtime", RUNTIME, "--output", taken, source)
    expect(done.returncode == 2 and "small.spdx.json" in done.stderr, done.stderr)
    expect([p.name for p in taken.iterdir()] == ["small.spdx.json"], list(taken.iterdir()))
    if os.geteuid() == 0:
        return
    shut = fresh("outputs-shut")
    shut.chmod(0o500)
    done = troth("build", "--lock", "--runtime", RUNTIME, "--output", shut, source)
    expect(done.returncode == 2 and "outputs-shut" in done.stderr, done.stderr)


@case("what was there before is replaced, whole")
def replaced():
    source, output = world.source(fresh("replaced")), fresh("replaced-output")
    world.write(output / "small.eif", "an older one, " * 100000)
    files = built(source, "--lock", output=output)
    expect(eif_reader.read(files[".eif"])["crc"]["good"])
    mode = stat.S_IMODE((output / "small.eif").stat().st_mode)
    expect(mode == 0o666 & ~current_umask(), oct(mode))


def current_umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


@case("a problem is one JSON object, too")
def problem_json():
    done = troth("build", "--json", "--runtime", RUNTIME, "--output", FOLDER, world.source(fresh("problem-json")))
    said = json.loads(done.stdout)
    expect(done.returncode == 2 and said["built"] is False and "build.lock" in json.dumps(said["error"]), said)
    expect(not list(schema.check(said, SCHEMA, SCHEMA, "build")), list(schema.check(said, SCHEMA, SCHEMA, "build")))


# ---- what goes with it ----

@case("the provenance is an in-toto statement over the image, with every input")
def provenance():
    source = world.source(fresh("provenance"))
    files = built(source, "--lock")
    said = json.loads(files[".provenance.json"])
    expect(said["_type"] == "https://in-toto.io/Statement/v1")
    expect(said["predicateType"] == "https://slsa.dev/provenance/v1")
    expect(said["subject"] == [{"name": "small.eif",
                                "digest": {"sha256": hashlib.sha256(files[".eif"]).hexdigest()}}], said["subject"])
    definition, run = (said["predicate"][k] for k in ("buildDefinition", "runDetails"))
    expect(definition["buildType"].endswith("/build/v1") and run["builder"]["id"].startswith("https://"))
    expect(definition["externalParameters"] == {"buildFile": "build.yaml", "name": "small", "version": "7",
                                                "architecture": "x86_64"}, definition)
    locked = json.loads((source / "build.lock").read_text())["inputs"]
    found = definition["resolvedDependencies"]
    expect([d["name"] for d in found] == [i["name"] for i in locked])
    for one, row in zip(found, locked):
        digest = row.get("sha256", row.get("digest", "").removeprefix("sha256:"))
        expect("content" in one if row["kind"] in ("link", "folder") else one["digest"] == {"sha256": digest}, one, row)


@case("the SBOM is SPDX 2.3, and all that it relates is there")
def sbom():
    files = built(world.source(fresh("sbom")), "--lock")
    said = json.loads(files[".spdx.json"])
    expect(said["spdxVersion"] == "SPDX-2.3" and said["dataLicense"] == "CC0-1.0" and said["SPDXID"] == "SPDXRef-DOCUMENT")
    expect(hashlib.sha256(files[".eif"]).hexdigest() in said["documentNamespace"])
    ids = [p["SPDXID"] for p in said["packages"]]
    expect(len(set(ids)) == len(ids) and all(re.fullmatch(r"SPDXRef-[A-Za-z0-9.-]+", i) for i in ids), ids)
    for package in said["packages"]:
        expect({"name", "downloadLocation", "filesAnalyzed"} <= set(package), package)
        for checksum in package.get("checksums", []):
            expect(checksum["algorithm"] == "SHA256" and re.fullmatch("[0-9a-f]{64}", checksum["checksumValue"]))
    for relation in said["relationships"]:
        expect({relation["spdxElementId"], relation["relatedSpdxElement"]} <= {*ids, "SPDXRef-DOCUMENT"}, relation)
    names = {p["name"] for p in said["packages"]}
    expect({"small.eif", "troth-init", "vmlinuz", "files/etc/greeting", "layout"} <= names, names)


# ---- a compile step, and --check ----

def deb(folder, version="1"):
    """A package of a static shell and its tools, made of this machine's busybox."""
    busybox = shutil.which("busybox")
    if not busybox or not shutil.which("dpkg-deb") or not shutil.which("dpkg"):
        raise Skip("no busybox, or no dpkg")
    if b"statically" not in subprocess.run(["file", "-L", busybox], capture_output=True, check=False).stdout and \
            b"not a dynamic" not in subprocess.run(["ldd", busybox], capture_output=True, check=False).stderr:
        raise Skip("busybox is not static")
    tree = folder / "deb"
    world.write(tree / "usr/bin/busybox", Path(busybox).read_bytes(), 0o755)
    for name in ("sh", "date", "cat", "mkdir", "sleep", "cp"):
        os.symlink("busybox", tree / "usr/bin" / name)
    world.write(tree / "DEBIAN/control", f"Package: tools\nVersion: {version}\nArchitecture: amd64\n"
                "Maintainer: nobody <nobody@example.com>\nDescription: a shell\n")
    subprocess.run(["dpkg-deb", "--root-owner-group", "-b", tree, folder / "tools.deb"], check=True, capture_output=True)
    content = (folder / "tools.deb").read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    world.write(FOLDER / "store/sha256" / digest, content)
    return {"kind": "package", "name": "tools", "version": version, "architecture": "amd64", "use": "compile",
            "sha256": digest, "size": len(content)}


def compiled(name, script):
    """A source with a compile step, locked by hand: the package is in no archive."""
    source = world.source(fresh(name))
    world.write(source / "src/input.txt", "input\n")
    built(source, "--lock")
    text = world.BUILD + ("compile:\n  packages: [tools]\n  source: src\n"
                          f"  command: [sh, -c, {json.dumps(script)}]\n")
    world.write(source / "build.yaml", text)
    lock = json.loads((source / "build.lock").read_text())
    rows = [r for r in lock["inputs"] if r["kind"] != "build-file"]
    rows += [{"kind": "build-file", "name": "build.yaml", "sha256": hashlib.sha256(text.encode()).hexdigest(),
              "size": len(text)},
             {"kind": "file", "name": "src/input.txt", "mode": "0644", "sha256": hashlib.sha256(b"input\n").hexdigest(),
              "size": 6}, deb(source.parent / f"{name}-deb")]
    kinds = ["build-file", "file", "link", "folder", "firmware", "kernel", "module", "oci", "package", "runtime"]
    rows.sort(key=lambda r: (kinds.index(r["kind"]), r["name"].encode()))
    lines = ",\n".join(json.dumps(r, separators=(",", ":")) for r in rows)
    (source / "build.lock").write_text('{"troth_lock":1,"inputs":[\n' + lines + "\n]}\n")
    return source


def check(source, *options):
    done = troth("build", "--check", "--runtime", RUNTIME, "--store", FOLDER / "store", *options, source)
    if re.search("user namespaces|not permitted|namespace", done.stderr):
        raise Skip(done.stderr.splitlines()[0])
    return done


@case("--check: a build without a compile step is reproducible")
def check_plain():
    source = world.source(fresh("check-plain"))
    digest = hashlib.sha256(built(source, "--lock")[".eif"]).hexdigest()
    done = check(source)
    expect(done.returncode == 0 and done.stdout == f"reproducible: sha256 {digest}\n", done.stdout, done.stderr)
    said = json.loads(check(source, "--json").stdout)
    expect(said == {"reproducible": True, "sha256": digest}, said)
    expect(not list(schema.check(said, SCHEMA, SCHEMA, "build")))


@case("--check: by root where there is no other user, too")
def check_alone():
    alone = ["unshare", "-r"]
    if not shutil.which("unshare") or subprocess.run([*alone, "true"], check=False, capture_output=True).returncode:
        raise Skip("no user namespaces")
    source = world.source(fresh("check-alone"))
    built(source, "--lock")
    done = subprocess.run([*alone, TROTH, "build", "--check", "--runtime", RUNTIME, "--store", FOLDER / "store", source],
                          capture_output=True, text=True, check=False)
    expect(done.returncode == 0 and done.stdout.startswith("reproducible: "), done)


@case("--check: paths that lead out of the folder are copied, too")
def check_outside():
    source = world.source(fresh("check-outside") / "a/b/c", world.BUILD.replace("file: vmlinuz", "file: ../../kernel")
                          .replace("oci: layout", "oci: ../layout"))
    (source / "vmlinuz").rename(source.parents[1] / "kernel")
    (source / "layout").rename(source.parent / "layout")
    built(source, "--lock")
    done = check(source)
    expect(done.returncode == 0, done.stdout, done.stderr)


@case("--check: a compile step that obeys is reproducible; what it made is in the image")
def check_compiled():
    source = compiled("check-compiled", "mkdir -p /output/usr/share && cat input.txt > /output/usr/share/made")
    done = check(source)
    expect(done.returncode == 0, done.stdout, done.stderr)
    files = built(source)
    expect({r[0]: r[7] for r in world.members(ramdisks(files)[1])}["rootfs/usr/share/made"] == b"input\n")
    said = json.loads(files[".spdx.json"])
    tool = [p for p in said["packages"] if p["name"] == "tools"][0]
    expect(tool["externalRefs"][0]["referenceLocator"] == "pkg:deb/debian/tools@1?arch=amd64", tool)
    relations = {(r["spdxElementId"], r["relationshipType"]) for r in said["relationships"]}
    expect((tool["SPDXID"], "BUILD_DEPENDENCY_OF") in relations, relations)


PLANTED = [("the clock", "date > /output/stamp"), ("random numbers", "echo $RANDOM$RANDOM$RANDOM > /output/stamp")]


def of_planted(why, script):
    @case(f"--check finds what a compile step takes from {why}, and names the file")
    def one():
        source = compiled(f"planted-{why}", script)
        done = check(source)
        expect(done.returncode == 1, done.returncode, done.stdout, done.stderr)
        expect("application ramdisk" in done.stdout and "rootfs/stamp" in done.stdout, done.stdout)
        said = json.loads(check(source, "--json").stdout)
        expect(said["reproducible"] is False and said["differences"][0]["path"] == "rootfs/stamp", said)
        expect(not list(schema.check(said, SCHEMA, SCHEMA, "build")))


for row in PLANTED:
    of_planted(*row)


@case("a compile step is not started with a source that is not as locked")
def compile_changed():
    source = compiled("compile-changed", "echo it ran >&2; exit 3")
    world.write(source / "src/input.txt", "INPUT\n")
    expect("it ran" not in refused(source, "src/input.txt: is not what was locked"))


@case("a compile step that fails says so, and nothing is left behind")
def compile_fails():
    source = compiled("compile-fails", "echo it went wrong >&2; exit 3")
    files, done = build(source)
    if re.search("user namespaces|not permitted", done.stderr):
        raise Skip(done.stderr.splitlines()[0])
    expect(done.returncode == 2 and not files and "it went wrong" in done.stderr and "3" in done.stderr, done.stderr)


@case("a file that changes while the image is built is noticed")
def changes_meanwhile():
    source = compiled("meanwhile", "sleep 3; cp input.txt /output/made")
    output = fresh("meanwhile-output")
    words = [TROTH, "build", "--runtime", RUNTIME, "--store", FOLDER / "store", "--output", output, source]
    with subprocess.Popen([str(w) for w in words], stderr=subprocess.PIPE, text=True) as process:
        time.sleep(1.5)
        same = (source / "more/large").read_bytes()
        (source / "more/large").write_bytes(same)  # not even another content
        said = process.communicate()[1]
    if re.search("user namespaces|not permitted", said):
        raise Skip(said.splitlines()[0])
    expect(process.returncode == 2 and "more/large" in said, said)
    expect(not list(output.iterdir()), list(output.iterdir()))


def await_nothing(folder):
    """What is left there some seconds later."""
    for _ in range(100):
        if not any(folder.iterdir()):
            break
        time.sleep(0.1)
    return list(folder.iterdir())


@case("a build that is killed leaves nothing behind, and nobody who goes on")
def killed():
    source = compiled("killed", "mkdir /output/made; sleep 61.25")
    output, scratch = fresh("killed-output"), fresh("killed-scratch")
    scratch.chmod(0o711)
    usual = [TROTH, "build", "--runtime", RUNTIME, "--store", FOLDER / "store"]
    for words in (["--output", output], ["--check"]):
        with subprocess.Popen([*usual, *words, source], stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                              env={**os.environ, "TMPDIR": str(scratch)}) as process:
            for _ in range(200):
                if process.poll() is not None or list(scratch.rglob("output/made")):
                    break
                time.sleep(0.1)
            process.kill()
            said = process.communicate()[1]  # ends only where nobody holds it open
        if re.search("user namespaces|not permitted", said):
            raise Skip(said.splitlines()[0])
        expect(process.returncode == -9, process.returncode, said)
        expect(not await_nothing(scratch), words, await_nothing(scratch))
        expect(not list(output.iterdir()), list(output.iterdir()))
        running = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=False).stdout
        expect("sleep 61.25" not in running, running)


@case("names that a killed process of the same number left are no obstacle")
def left_names():
    source = world.source(fresh("left-names"))
    built(source, "--lock")
    output = fresh("left-names-output")
    script = 'cd "$1"; for i in 0 1 2 3; do echo x > .troth-build-$$-$i; done; shift; exec "$@"'
    done = subprocess.run(["sh", "-c", script, "sh", output, TROTH, "build", "--runtime", RUNTIME, source],
                          capture_output=True, text=True, check=False)
    expect(done.returncode == 0, done.stderr)
    expect(sorted(p.name for p in output.iterdir()) == sorted("small" + e for e in ENDINGS), list(output.iterdir()))


@case("what to build has to be said, and is no standard input")
def said_what():
    for words in ([], ["--check"]):
        done = troth("build", *words)
        expect(done.returncode == 2 and "FILE is missing" in done.stderr and "standard input" not in done.stderr, done)
        expect("build.yaml" in done.stderr, done.stderr)
    done = troth("build", "--json", "one", "another")
    expect(done.returncode == 2 and json.loads(done.stdout)["built"] is False and "another" in done.stderr, done)


@case("--check goes with neither --lock nor --output, and leaves no copies")
def check_words():
    source = world.source(fresh("check-words"))
    for option in (["--lock"], ["--output", "."]):
        done = troth("build", "--check", *option, source)
        expect(done.returncode == 2 and option[0] in done.stderr, done.stderr)
    scratch = fresh("check-scratch")
    built(source, "--lock")
    done = troth("build", "--check", "--runtime", RUNTIME, source, env={**os.environ, "TMPDIR": str(scratch)})
    expect(done.returncode == 0, done.stderr)
    expect(not list(scratch.iterdir()), list(scratch.iterdir()))


try:
    sys.exit(tap.run(2))
finally:
    shutil.rmtree(FOLDER, ignore_errors=True)

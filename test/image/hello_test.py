#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""examples/hello from source to somebody who checks what runs: the commands of docs/reproducible.md. TAP.

usage: hello_test.py BUILD [WORDS]     a build without sanitizers; those cases whose name has these words

Packages come through this machine's apt, once: BUILD/inputs keeps them. Nothing else here has a network, where
that can be taken away.
"""
import base64
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cli"))
import eif_reader
import kernel
import tap
from machine import Machine
from tap import Skip, case, expect

BUILD = Path(sys.argv[1]).resolve()
ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = "examples/hello"
ENDINGS = (".eif", ".measurements.json", ".provenance.json", ".spdx.json")
QEMU, GUEST = Path("/usr/bin/qemu-system-x86_64"), BUILD / "sim/troth-sim-guest"
EARLIER = BUILD / "inputs/hello.lock"
PAGE = b"hello from a machine that can prove itself\n"
OTHER_PAGE = b"hello from a machine that was changed\n"
NONCE = "00112233445566778899aabbccddeeff"
PATIENCE_S = 240
POLICY = "policy: hello\naccept: [nitro]\nmachines: {nitro: any}\n"
# What the pages tell people to type.
LOCK, AGAIN = ("troth", "build", "--lock", EXAMPLE), ("troth", "build", EXAMPLE)
TWICE = ("troth", "build", "--check", EXAMPLE)
REPRODUCE = ("troth", "reproduce", "--any", "nonce", "evidence.bin", EXAMPLE)
MEASURE = ("troth", "measure", "hello.eif")


def once(make):
    """Made when it is first asked for; why it cannot be made is kept, too."""
    kept = []

    def get():
        if not kept:
            try:
                kept.append((make(), None))
            except Exception as error:  # whoever asks next fails of it, too
                kept.append((None, error))
        if kept[0][1]:
            raise kept[0][1]
        return kept[0][0]
    return get


@once
def no_network():
    """What to put in front of a command so that it has none."""
    for words in (["unshare", "-n"], ["unshare", "-rn"]):
        if shutil.which("unshare") and run(FOLDER, *words, "true").returncode == 0:
            return words
    print("# a network cannot be taken away here")
    return []


def run(folder, *words, **more):
    """In a copy, as the pages have it: troth is the one of this build, the store is kept there, too."""
    return subprocess.run([str(w) for w in words], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True,
                          check=False, timeout=PATIENCE_S, env=surroundings(), **more)


def surroundings():
    path = f"{BUILD}:{BUILD / 'sim'}:{os.environ['PATH']}"
    return {"PATH": path, "XDG_CACHE_HOME": str(BUILD / "inputs"), "TMPDIR": str(FOLDER / "tmp"), "LC_ALL": "C.UTF-8"}


def offline(folder, *words):
    return run(folder, *no_network(), *words)


def succeed(done):
    expect(done.returncode == 0, done.args, done.returncode, done.stdout.decode()[-2000:], done.stderr.decode()[-2000:])
    return done.stdout


def copy_to(folder):
    """The example as it is checked out: no lock, no image that somebody made in it."""
    names = subprocess.run(["git", "-C", ROOT, "ls-files", "-z", EXAMPLE], capture_output=True, check=False).stdout
    names = [name.decode() for name in names.split(b"\0") if name] or [
        str(path.relative_to(ROOT)) for path in (ROOT / EXAMPLE).rglob("*")
        if path.is_file() and path.suffix not in (".lock", ".eif", ".json")]
    for name in names:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, target)
    return folder


def follow_mirror(source):
    """Mirrors drop a kernel when the next one comes: then what README.md of the example says is done."""
    text = (source / EXAMPLE / "build.yaml").read_text()
    named = re.search(r"linux-image-\S+-cloud-amd64", text)[0]
    try:
        newest = kernel.newest()
    except kernel.Missing as missing:
        raise Skip(str(missing)) from missing
    if run(source, "apt-cache", "show", named).returncode != 0:
        text = text.replace(named.removeprefix("linux-image-"), newest.removeprefix("linux-image-"))
        (source / EXAMPLE / "build.yaml").write_text(text)


@once
def first():
    """A copy that was locked and built."""
    if platform.machine() != "x86_64":
        raise Skip("the example is for x86_64, and compiles")
    made = copy_to(FOLDER / "first")
    if EARLIER.exists():  # what the store has of it is not fetched again
        shutil.copyfile(EARLIER, made / EXAMPLE / "build.lock")
    follow_mirror(made)
    began = time.monotonic()
    done = run(made, *LOCK)
    said = done.stderr.decode()
    if re.search("user namespaces|not permitted|Failed to fetch|Could not resolve", said):
        raise Skip(said.splitlines()[0])
    succeed(done)
    print(f"# locked and built after {time.monotonic() - began:.1f} s")
    shutil.copyfile(made / EXAMPLE / "build.lock", EARLIER)
    return made


@once
def second():
    """Another copy, deeper, with the lock of the first and nothing else of it."""
    made = copy_to(FOLDER / "second/much deeper/down")
    for name in ("build.lock", "build.yaml"):
        shutil.copyfile(first() / EXAMPLE / name, made / EXAMPLE / name)
    began = time.monotonic()
    succeed(offline(made, *AGAIN))
    print(f"# built again after {time.monotonic() - began:.1f} s")
    return made


@once
def changed():
    """A copy with one line of the source changed, not locked anew."""
    made = copy_to(FOLDER / "changed")
    for name in ("build.lock", "build.yaml"):
        shutil.copyfile(first() / EXAMPLE / name, made / EXAMPLE / name)
    source = made / EXAMPLE / "src/hello.c"
    text = source.read_text()
    expect(text.count(PAGE.decode().strip()) == 1, "the page is not where it was")
    source.write_text(text.replace(PAGE.decode().strip(), OTHER_PAGE.decode().strip()))
    return made


def registers(image):
    return {name: value.hex() for name, value in eif_reader.read(image.read_bytes())["pcrs"].items()}


@once
def modules():
    """Those of the image's own kernel, out of the package in the store."""
    for needed in (QEMU, GUEST):
        if not needed.exists():
            raise Skip(f"no {needed}")
    lock = json.loads((first() / EXAMPLE / "build.lock").read_text())
    package = next(i for i in lock["inputs"] if i["kind"] == "package" and i["name"].startswith("linux-image-"))
    stored = BUILD / "inputs/troth/inputs/sha256" / package["sha256"]
    subprocess.run(["dpkg-deb", "-x", stored, FOLDER / "kernel"], check=True, capture_output=True)
    return FOLDER / "kernel/lib/modules"


def boot(image):
    began = Machine(BUILD, modules(), image)
    RUNNING.append(began)
    print(f"# answers after {began.await_ready():.1f} s")
    return began


@once
def machine():
    """The image of the second copy, as the simulator starts it."""
    return boot(second() / "hello.eif")


def connect(to, *words, policy=None, url="/"):
    """What curl gets behind the proof, if the machine is what the policy says."""
    return run(first(), "troth", "connect", to.address, "--policy", policy or to.folder / "policy.yaml",
               "--root", to.folder / "root.pem", *words, "--", "curl", "-sS", "http://{}" + url)


@once
def evidence():
    """What the first client that was let in has kept."""
    expect(succeed(connect(machine(), "--evidence", "evidence.bin")) == PAGE)
    return first() / "evidence.bin"


@once
def own_evidence():
    """What the example itself has got from the agent, for whoever asks."""
    said = json.loads(succeed(connect(machine(), url=f"/evidence?nonce={NONCE}")))
    expect(said["kind"] == "nitro" and NONCE in said["binding"], said)
    path = FOLDER / "own.bin"
    path.write_bytes(base64.b64decode(said["evidence"], validate=True))
    return path, said["binding"]


@once
def policy():
    """As docs/reproducible.md has it: three lines, and what is measured."""
    path = FOLDER / "policy.yaml"
    path.write_text(POLICY + succeed(offline(second(), "troth", "measure", "--format", "policy", "hello.eif")).decode())
    return path


def shown(path):
    """The registers that are named in evidence."""
    claims = json.loads(succeed(run(FOLDER, "troth", "show", "--json", path)))["claims"]
    return {name: claims[f"nitro.{name}"] for name in ("pcr0", "pcr1", "pcr2")}


def reproduce(source, *words, path=None):
    """Its status and what it says; without a network, and from evidence in another copy."""
    root = ("--offline", "--root", machine().folder / "root.pem")
    words = [path or evidence() if word == "evidence.bin" else word for word in words or REPRODUCE]
    done = offline(source, *words[:2], *root, *words[2:])
    return done.returncode, json.loads(done.stdout) if "--json" in words else done.stdout.decode()


@case("locked in one folder, built again in another without a network: the same files to the byte")
def same_files():
    for ending in ENDINGS:
        one, two = ((made() / f"hello{ending}").read_bytes() for made in (first, second))
        expect(one == two and one, f"hello{ending} differs, {len(one)} and {len(two)} bytes")
    written = {path.name for path in second().iterdir()} - {"examples"}
    expect(written == {f"hello{ending}" for ending in ENDINGS}, written)


@case("what troth measures is what a reader of nothing of ours computes, and what building said")
def measured():
    image = second() / "hello.eif"
    wanted = registers(image)
    said = json.loads(succeed(offline(second(), *MEASURE[:2], "--format", "json", *MEASURE[2:])))
    expect({row["claim"].removeprefix("nitro."): row["value"] for row in said["measurements"]} == wanted, said, wanted)
    page = succeed(offline(second(), *MEASURE)).decode()
    expect(all(value in page for value in wanted.values()), page)
    built = json.loads((second() / "hello.measurements.json").read_text())["measurements"]["nitro"]
    expect(built == {f"nitro.{name}": value for name, value in wanted.items()}, built, wanted)


@case("built twice, with all different that must not matter: reproducible")
def twice():
    began = time.monotonic()
    said = succeed(offline(second(), *TWICE)).decode()
    expect(said.startswith("reproducible: sha256 "), said)
    print(f"# checked after {time.monotonic() - began:.1f} s")


@case("in the simulator it answers, and the evidence has the registers that were measured")
def answers():
    expect(shown(evidence()) == registers(second() / "hello.eif"), shown(evidence()))


@case("evidence that the example itself gives has them, too")
def gives_evidence():
    expect(shown(own_evidence()[0]) == registers(second() / "hello.eif"), shown(own_evidence()[0]))
    for url, wanted in (("/evidence", b"say ?nonce="), ("/elsewhere", b"there are / and /evidence")):
        expect(succeed(connect(machine(), url=url)).startswith(wanted), url)


@case("a policy of what was measured lets in, and says which image it is")
def by_policy():
    succeed(run(FOLDER, "troth", "policy", "check", policy()))
    done = connect(machine(), policy=policy())
    expect(succeed(done) == PAGE and b"image hello," in done.stderr, done.stderr)


@case("troth reproduce, of evidence from either: what runs there is what this source makes")
def reproduced():
    path, binding = own_evidence()
    status, page = reproduce(second())
    expect(status == 0 and page.startswith("reproduced ") and page.count(" same: ") == 3, status, page)
    status, value = reproduce(first(), "troth", "reproduce", "--json", "--binding", binding, "evidence.bin", EXAMPLE,
                              path=path)
    expect(status == 0 and value["reproduced"] == "yes", value)
    expect({row["claim"]: row["state"] for row in value["registers"]} == {
        f"nitro.{name}": "same" for name in ("pcr0", "pcr1", "pcr2")}, value["registers"])
    expect(value["since_locked"] == [] and value["differing"] == [], value)


@case("one line of the source changed: no, which file, and which part of the image")
def one_line():
    status, page = reproduce(changed())
    for said in ("not reproduced ", "changed since it was locked: src/hello.c\n", "nitro.pcr0        differs",
                 "nitro.pcr1        same", "nitro.pcr2        differs", "differs: application ramdisk\n"):
        expect(status == 1 and said in page, said, page)
    # The same for machines; with the image that runs there, file by file.
    status, value = reproduce(changed(), *REPRODUCE[:-2], "--json", "--image", second() / "hello.eif", *REPRODUCE[-2:])
    expect(status == 1 and value["reproduced"] == "no", value)
    expect(value["since_locked"] == [{"change": "changed", "name": "src/hello.c"}], value["since_locked"])
    expect(value["differing"] == ["application ramdisk"], value["differing"])
    expect({row["claim"]: row["state"] for row in value["registers"]} == {
        "nitro.pcr0": "differs", "nitro.pcr1": "same", "nitro.pcr2": "differs"}, value["registers"])
    members = [m["path"] for s in value["sections"] for m in s.get("members", [])]
    expect(members == ["rootfs/usr/bin/hello"], value["sections"])


@case("and it is not built until it is locked again, for which nothing is fetched that was locked before")
def locked_again():
    refused = offline(changed(), *AGAIN)
    expect(refused.returncode == 2 and b"src/hello.c: is not what was locked" in refused.stderr, refused)
    expect(not list(changed().glob("hello*")), "something is left behind")
    other_image()


@once
def other_image():
    succeed(offline(changed(), *LOCK))
    return changed() / "hello.eif"


@case("the changed image differs in one file, and in the registers of the application")
def differs():
    before, after = registers(second() / "hello.eif"), registers(other_image())
    expect({name for name in after if after[name] != before[name]} == {"pcr0", "pcr2"}, before, after)
    done = offline(FOLDER, "troth", "image", "diff", second() / "hello.eif", other_image())
    expect(done.returncode == 1 and b"rootfs/usr/bin/hello" in done.stdout, done.stdout.decode())


@case("where the changed image runs, the policy of the first lets nobody through, and its own does")
def other_machine():
    there = boot(other_image())
    done = connect(there, policy=policy())
    expect(done.returncode == 1 and not done.stdout, done)
    expect(b"nitro.pcr0" in done.stderr or b"nitro.pcr2" in done.stderr, done.stderr)
    expect(succeed(connect(there)) == OTHER_PAGE)


# The pages, and what they tell people to type that is run above, with other ports and folders.
PAGES = (
    ("docs/reproducible.md", {*map(" ".join, (LOCK, AGAIN, MEASURE, REPRODUCE)),
                              "troth measure --format policy hello.eif >>policy.yaml",
                              "printf '" + POLICY.replace("\n", "\\n") + "' >policy.yaml",
                              "troth policy check policy.yaml",
                              "troth-sim boot --modules /path/to/lib/modules hello.eif",
                              "troth connect 127.0.0.1:8443 --policy troth-sim/policy.yaml --root troth-sim/root.pem "
                              "--evidence evidence.bin -- curl -s http://{}/",
                              "troth reproduce --root troth-sim/root.pem --any nonce evidence.bin " + EXAMPLE}),
    (EXAMPLE + "/README.md", {*map(" ".join, (LOCK, AGAIN, TWICE))}),
)


@case("these are the commands that the pages have")
def pages():
    for name, wanted in PAGES:
        text = re.sub(r"\\\n\s*", "", (ROOT / name).read_text())
        lines = {re.sub(r"\s+#.*", "", line.strip()) for line in text.splitlines()}
        expect(wanted <= lines, name, *sorted(wanted - lines))


RUNNING = []
tap.cases[:] = [row for row in tap.cases if " ".join(sys.argv[2:]) in row[0]]
with tempfile.TemporaryDirectory(prefix="troth-hello-") as made_here:
    FOLDER = Path(made_here)
    FOLDER.chmod(0o711)  # --check builds as another user
    (FOLDER / "tmp").mkdir()
    (FOLDER / "tmp").chmod(0o1777)
    try:
        failed = tap.run()
    finally:
        for one in RUNNING:
            one.__exit__()
sys.exit(failed)

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Images that boot: the first process, the static runtime, and troth-sim boot. TAP.

usage: boot_test.py BUILD [WORDS]     a build without sanitizers; those cases whose name has these words

Images are made by eif.py, of Debian's kernel and a static busybox. Needs no KVM, no root and no device.
"""
import lzma
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cli"))
import eif
import kernel
import machine
import tap
from tap import Skip, case, expect

BUILD = Path(sys.argv[1])
SIM, TROTH = str(BUILD / "sim/troth-sim"), str(BUILD / "troth")
GUEST, RUNTIME = BUILD / "sim/troth-sim-guest", BUILD / "image"
BUSYBOX, QEMU = Path("/bin/busybox"), Path("/usr/bin/qemu-system-x86_64")
CMDLINE = "console=ttyS0 loglevel=4 reboot=k panic=30 random.trust_cpu=on"
MODULES = ("net/vmw_vsock/vsock", "net/vmw_vsock/vmw_vsock_virtio_transport_common", "net/vmw_vsock/vsock_loopback",
           "drivers/misc/nsm")
PAGE = b"hello from inside\n"
SERVER = """program: [/bin/busybox, httpd, -f, -p, "127.0.0.1:8080", -h, /srv]
listen: vsock:8443
upstream: 127.0.0.1:8080
read: [/bin, /srv]
"""
# Ends at once, in a sandbox where nobody else is.
SHORT = """program: [/bin/busybox, sh, -c, exit 3]
listen: vsock:8443
upstream: 127.0.0.1:8080
read: [/bin]
"""
# In the place of troth-run: what the first process has made for it.
FACTS = """#!/bin/busybox sh
export PATH=/tools; /bin/busybox mkdir /tools; /bin/busybox --install -s /tools
echo "= words $0 $*"
echo "= modules $(cat /proc/sys/kernel/modules_disabled)"
echo "= kexec $(cat /proc/sys/kernel/kexec_load_disabled)"
echo "= helper $(cat /proc/sys/kernel/modprobe)"
echo "= keys $(cat /proc/sys/kernel/sysrq)"
echo "= entropy $(cat /proc/sys/kernel/random/entropy_avail)"
echo "= insmod $(insmod /other.ko 2>&1)"
echo "= root $(ls / | tr '\\n' ' ')"
echo "= device $(ls /dev/nsm)"
echo "= input $(readlink /proc/self/fd/0)"
echo "= loopback $(ifconfig lo | grep -c 'inet addr:127.0.0.1')"
echo "= write $(touch /troth/x 2>&1)"
echo "= environment $(env | grep -v PATH= | grep -v PWD= | grep -v SHLVL=)"
while read -r what at kind options; do echo "= mount $at $kind $options"; done < /proc/mounts
(sleep 0.2 &)
sleep 1
echo "= dead $(grep -l 'State:.*zombie' /proc/[0-9]*/status | wc -l)"
exit 7
"""
FOLDER = tempfile.TemporaryDirectory(prefix="troth-boot-")
ready = threading.Lock()
seen = {}


def needs():
    """The kernel's files."""
    with ready:
        if "missing" not in seen:
            seen["missing"] = ""
            for needed in (GUEST, RUNTIME / "troth-init", BUSYBOX, QEMU):
                if not needed.exists():
                    seen["missing"] = f"no {needed}"
            try:
                if not seen["missing"]:
                    seen["kernel"] = kernel.fetch(BUILD / "guest")
            except kernel.Missing as missing:
                seen["missing"] = str(missing)
    if seen["missing"]:
        raise Skip(seen["missing"])
    return seen["kernel"]


def base(modules=(), run=None):
    """The first ramdisk; `modules` are more of them, and `run` stands in for troth-run."""
    files, disk = needs(), eif.Ramdisk().file("init", (RUNTIME / "troth-init").read_bytes()).folder("modules")
    for number, path in enumerate(MODULES):
        module = kernel.module(files, path)
        disk.file(f"modules/{number:02}-{module.name}", module.read_bytes(), 0o100644)
    for name, content in modules:
        disk.file("modules/" + name, content, 0o100644)
    disk.folder("troth")
    for name in ("troth-run", "troth-agent", "troth-outbound"):
        content = run.encode() if run and name == "troth-run" else (RUNTIME / name).read_bytes()
        disk.file("troth/" + name, content)
    return disk.finish()


def application(run_file, more=()):
    """The second one: nothing but a busybox, and what it is to do."""
    disk = eif.Ramdisk().folder("rootfs", "rootfs/bin", "rootfs/etc", "rootfs/etc/troth", "rootfs/srv")
    disk.file("rootfs/bin/busybox", BUSYBOX.read_bytes())
    disk.file("rootfs/etc/troth/run.yaml", run_file.encode(), 0o100644)
    disk.file("rootfs/srv/index.html", PAGE, 0o100644)
    for name, *what in more:
        disk.file("rootfs/" + name, *what)
    return disk.finish()


def make(name, cmdline=CMDLINE, first=None, second=None):
    """The image's path and its registers."""
    path = Path(FOLDER.name, name + ".eif")
    content, registers = eif.image(kernel.image(needs()).read_bytes(), cmdline,
                                   [first or base(), second or application(SERVER)])
    path.write_bytes(content)
    return path, registers


class Machine(machine.Machine):
    """One that boots, until the block ends."""

    def __init__(self, image, *options):
        super().__init__(BUILD, needs() / "lib/modules", image, *options)

    def finish(self):
        """Its exit status, when it ends by itself."""
        status = self.process.wait(machine.PATIENCE_S)
        self.reader.join()
        return status

    def connect(self, *words, policy=None, command=("curl", "-sS", "http://{}/")):
        return subprocess.run(
            [TROTH, "connect", self.address, "--policy", policy or self.folder / "policy.yaml",
             "--root", self.folder / "root.pem", *words, "--", *command],
            stdin=subprocess.DEVNULL, capture_output=True, timeout=machine.PATIENCE_S, check=False)


@case("a program in an image is reached by who asks for its measurements, and by no one else")
def _():
    image, wanted = make("server")
    with Machine(image) as booted:
        booted.await_ready()
        evidence = booted.folder / "evidence"
        page = booted.connect("--evidence", evidence)
        expect(page.returncode == 0 and page.stdout == PAGE, page, booted.said[-3000:])
        print(f"# ready and answered after {time.monotonic() - booted.began:.1f} s")
        check_registers(evidence, wanted)
        check_refusals(booted, wanted)
        check_end(booted)


def check_registers(evidence, wanted):
    shown = subprocess.run([TROTH, "show", "--json", evidence], capture_output=True, text=True, check=True).stdout
    for name, value in {**wanted, "pcr8": "0" * 96}.items():
        expect(value in shown, f"{name} is not {value}", shown)


def check_refusals(booted, wanted):
    policy = (booted.folder / "policy.yaml").read_text()
    expect(all(value in policy for value in wanted.values()), policy)
    for name, value in wanted.items():
        other = booted.folder / f"{name}.yaml"
        other.write_text(policy.replace(value, value[:-1] + ("1" if value[-1] == "0" else "0")))
        done = booted.connect(policy=other)
        expect(done.returncode == 1 and not done.stdout, name, done)


def check_end(booted):
    booted.process.send_signal(signal.SIGINT)
    expect(booted.finish() == 128 + signal.SIGINT, "it does not end as it is told to", booted.said[-1000:])
    expect("troth-sim: appended to the measured command line: rdinit=/sim/init troth.heartbeat=1:9000\n"
           in booted.said, booted.said[:1000])


@case("another command line is another image, which is refused")
def _():
    _, first = make("one")
    image, second = make("two", CMDLINE + " debug")
    expect(first["pcr0"] != second["pcr0"] and first["pcr2"] == second["pcr2"])
    with Machine(image) as booted:
        booted.await_ready()
        policy = (booted.folder / "policy.yaml").read_text()
        for name, value in second.items():
            policy = policy.replace(value, first[name])
        other = booted.folder / "first.yaml"
        other.write_text(policy)
        done = booted.connect(policy=other)
        expect(done.returncode == 1 and b"image" in done.stderr, done)
        expect(booted.connect().stdout == PAGE)


@case("what the first process makes: order, doors, mounts, streams, and the machine's end")
def _():
    other = lzma.decompress(kernel.module(needs(), "net/vmw_vsock/vsock_diag").read_bytes())
    image, _ = make("facts", CMDLINE.replace("=on", "=off"), base(run=FACTS),
                    application(SERVER, [("other.ko", other)]))
    with Machine(image) as booted:
        status = booted.finish()
    said = booted.said.replace("\r", "")
    expect(status == 7, status, said[-3000:])
    lines = [line for line in said.splitlines() if line.startswith("troth-init: ")]
    expect(lines == ["troth-init: " + line for line in (
        "mounts", "modules", "network", "entropy", "entropy: 2048 bits of /dev/nsm", "heartbeat",
        "heartbeat: answered", "root", "program", "the program ended with status 7")], *lines)
    expect(said.count("troth-sim: heartbeat 0xb7\n") == 1, said)
    facts = [line[2:] for line in said.splitlines() if line.startswith("= ")]
    for wanted in ("words /troth/troth-run --run-file /etc/troth/run.yaml --state /run/troth --image-holds-run-file",
                   "modules 1", "kexec 1",
                   "helper ", "keys 0", "entropy 256", "device /dev/nsm", "input /dev/null", "loopback 1", "environment ",
                   "root bin dev etc other.ko proc run srv sys tmp tools troth ", "dead 0"):
        expect(wanted in facts, f"not '{wanted}'", *facts)
    for wanted in ("insmod insmod: can't insert '/other.ko': Operation not permitted",
                   "write touch: /troth/x: Read-only file system"):
        expect(wanted in facts, f"not '{wanted}'", *facts)
    check_mounts([line.split()[1:] for line in facts if line.startswith("mount ")])


def check_mounts(rows):
    wanted = {"/dev": ("devtmpfs", "nosuid,noexec"), "/dev/pts": ("devpts", "nosuid,noexec"),
              "/proc": ("proc", "nosuid,nodev,noexec"), "/sys": ("sysfs", "nosuid,nodev,noexec"),
              "/run": ("tmpfs", "nosuid,nodev"), "/tmp": ("tmpfs", "nosuid,nodev"), "/troth": ("rootfs", "nosuid,nodev")}
    found = {row[0]: row for row in rows}
    for at, (kind, options) in wanted.items():
        row = found.get(at, ["", "", ""])
        expect(row[1] == kind and options in row[2], at, *rows)
    expect(found["/troth"][2].startswith("ro,"), *rows)


@case("a program's own end is the machine's, and its status is told")
def _():
    image, _ = make("short", second=application(SHORT))
    with Machine(image) as booted:
        status = booted.finish()
    expect(status == 3 and "troth-init: the program ended with status 3" in booted.said, status, booted.said[-3000:])


# Why, the image's parts, and what is said.
BROKEN = (
    ("a module that is none", {"first": lambda: base([("10-bad.ko", b"no module")])},
     "modules: 10-bad.ko: Exec format error"),
    ("a module that is not called so", {"first": lambda: base([("readme", b"x")])},
     "modules: readme: it is not called as a module is"),
    ("an application that brings the programs along", {"second": lambda: application(SERVER, [("troth", b"", 0o040755)])},
     "mounts: /rootfs/troth: File exists"),
    ("a link where a file system is to be mounted",
     {"second": lambda: application(SERVER, [("tmp", b"/srv", 0o120777)])}, "mounts: /rootfs/tmp: Not a directory"),
    ("a command line that makes no sense", {"cmdline": CMDLINE + " troth.heartbeat=3"},
     "heartbeat: 'troth.heartbeat=3' makes no sense"),
)


def add_broken(number, why, parts, wanted):
    @case(f"a step that fails is said, and is the machine's end: {why}")
    def _():
        made = {name: part() if callable(part) else part for name, part in parts.items()}
        image, _ = make(f"broken{number}", **made)
        with Machine(image) as booted:
            status = booted.finish()
        errors = [line.strip() for line in booted.said.splitlines() if line.startswith("troth-init: error")]
        expect(errors == ["troth-init: error: " + wanted], *errors, booted.said[-2000:])
        expect(status == 125 and "troth-init: program" not in booted.said, status, booted.said[-2000:])


for row_number, row in enumerate(BROKEN):
    add_broken(row_number, *row)


@case("the simulator says what it cannot boot")
def _():
    image, _ = make("whole")
    broken = image.with_name("broken.eif")
    content = bytearray(image.read_bytes())
    content[-1] ^= 1
    broken.write_bytes(content)
    modules = ("--modules", str(needs() / "lib/modules"))
    for words, status, wanted in (
            ((*modules, str(broken)), 125, "broken.eif"),
            ((*modules, str(BUSYBOX)), 125, "busybox"),
            (("--modules", "/nonexistent", str(image)), 125, "cannot find the kernel's modules in '/nonexistent'"),
            ((*modules, "--kind", "tdx", str(image)), 2, "no such option '--kind'"),
            ((*modules, "--listen", "localhost", str(image)), 2, "IP:PORT must follow '--listen'"),
            ((*modules,), 2, "missing 'IMAGE'")):
        done = subprocess.run([SIM, "boot", "--write", FOLDER.name + "/none", *words], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=machine.PATIENCE_S, check=False)
        expect(done.returncode == status and wanted in done.stderr, words, done)


if len(sys.argv) > 2:
    tap.cases[:] = [row for row in tap.cases if sys.argv[2] in row[0]]
with FOLDER:
    os.chmod(FOLDER.name, 0o755)
    failed = tap.run(threads=2)
sys.exit(failed)

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`troth measure --kind snp|tdx` and a second computation agree; what it refuses. TAP.

usage: launch_test.py TROTH
"""
import glob
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "cli")]
import eif_writer
import launch_made as made
import launch_oracle as oracle
import schema
import tap
from tap import Skip, case, expect

TROTH = os.path.abspath(sys.argv[1])
SCHEMA = json.loads((Path(__file__).resolve().parents[2] / "docs/measure.schema.json").read_text())
GIB = 1 << 30
VALUE = "ab" * 48
folder = None


def keep(name, content):
    path = Path(folder, name)
    path.write_bytes(content)
    return path


def troth(*words, status=0, stdin=b""):
    done = subprocess.run([TROTH, "measure", *map(str, words)], input=stdin, capture_output=True,
                          check=False, timeout=120)
    out, err = done.stdout.decode(), done.stderr.decode()
    expect("Sanitizer" not in err and "runtime error" not in err, err)
    expect(done.returncode == status, words, f"status {done.returncode}, wanted {status}", out, err)
    return out, err


def values(*words, **options):
    said = json.loads(troth("--json", *words, **options)[0])
    complaints = list(schema.check(said, SCHEMA, SCHEMA, "$"))
    expect(not complaints, complaints)
    return {row["claim"]: row["value"] for row in said["measurements"]}


def same(seen, wanted):
    for claim, value in wanted.items():
        expect(seen[claim] == value.hex(), claim, "the program:", seen[claim], "the oracle:", value.hex())


def refuse(words, *said):
    out, err = troth(*words, status=2)
    expect(not out and all(word in err for word in said), words, out, err)


def snp_words(path, cpus=1, cpu="EPYC-v4", *more):
    return ["--kind", "snp", "--vcpus", cpus, "--vcpu", cpu, *more, path]


@case("SEV-SNP: processors, their kinds, hypervisors and features")
def launch_snp():
    path = keep("snp.fd", made.firmware())
    for cpus, cpu, signature in ((1, "EPYC-v4", 0x800f12), (2, "EPYC-Rome", 0x830f10),
                                 (7, "EPYC-Milan-v2", 0xa00f11), (512, "EPYC-Turin", 0xb00f00)):
        for vmm in "qemu", "ec2", "gce":
            seen = values(*snp_words(path, cpus, cpu, "--vmm", vmm, "--features", "0x21"))
            same(seen, {"snp.measurement": oracle.snp(made.firmware(), cpus, signature, vmm, 0x21)})
    same(values("--kind", "snp", "--vmm", "gce", "--vcpus", 1, path),
         {"snp.measurement": oracle.snp(made.firmware(), vmm="gce")})
    same(values(*snp_words("-"), stdin=made.firmware()), {"snp.measurement": oracle.snp(made.firmware())})


@case("SEV-SNP: kernel, initrd and command line, as files and as an image")
def boot_snp():
    path, image = keep("boot.fd", made.firmware()), keep("boot.eif", eif_writer.make(eif_writer.USUAL))
    kernel, initrd = keep("K", b"KERNEL"), keep("I", b"RAMDISK0RAMDISK1")
    wanted = {"snp.measurement": oracle.snp(made.firmware(), boot=(b"KERNEL", b"RAMDISK0RAMDISK1", b"console=ttyS0"))}
    same(values(*snp_words(path, 1, "EPYC", "--kernel", kernel, "--initrd", initrd, "--cmdline", "console=ttyS0")),
         wanted)
    same(values(*snp_words(path, 1, "EPYC", "--eif", image)), wanted)
    same(values(*snp_words(path, 1, "EPYC", "--kernel", kernel)),
         {"snp.measurement": oracle.snp(made.firmware(), boot=(b"KERNEL", b"", b""))})


@case("SEV-SNP: a kernel that nothing measures is refused, and said where there is none")
def uncovered():
    path = keep("bare.fd", made.firmware(snp=[row for row in made.SNP if row[2] != 0x10]))
    refuse(snp_words(path, 1, "EPYC", "--kernel", keep("K", b"K")), "snp.firmware.kernel_hashes", "AmdSev")
    expect("kernel, command line" in troth(*snp_words(path))[0].replace("\n" + " " * 19, " "))
    refuse(snp_words(path, 1, "EPYC", "--format", "policy"), "no measurement covers the kernel", "--any kernel")
    out, _ = troth(*snp_words(path, 1, "EPYC", "--format", "policy", "--any", "kernel", "--image", "bare"))
    expect(out == "images:\n  bare:\n    snp:\n      measurement: "
           f"{oracle.snp(path.read_bytes()).hex()}\n", out)


def launch_all(path, kernel, initrd, order, memory, **options):
    """Words and what is wanted of them."""
    words = ["--kind", "tdx", "--order", order, "--memory", memory, "--kernel", kernel, "--cmdline", "quiet"]
    plain, first = options.get("plain", False), options.get("first", False)
    words += ["--kernel-header", "plain" if plain else "patched"]
    words += ["--initrd-option", "first" if first else "last"]
    content = initrd.read_bytes() if initrd else None
    words += ["--initrd", initrd] if initrd else []
    size = {"512M": GIB // 2, "2G": 2 * GIB, "2600M": 2600 << 20, "1T": 1 << 40}[memory]
    return [*words, path], {
        "tdx.mr_td": oracle.mrtd(path.read_bytes(), order),
        "tdx.rtmr1": oracle.rtmr1(kernel.read_bytes(), len(content or b""), size, plain),
        "tdx.rtmr2": oracle.rtmr2("quiet", content, first),
        "tdx.rtmr3": bytes(48),
        "tdx.mr_config_id": bytes(48),
    }


@case("TDX: orders, memory, kernels, initrds, where firmware differs")
def launch_tdx():
    path = keep("tdx.fd", made.firmware())
    initrd = keep("initrd", bytes(range(256)) * 5000 + b"!")
    for number, shape in enumerate(({}, {"behind": 0}, {"signature": 0}, {"flags": 0}, {"behind": 3, "seed": 1})):
        kernel = keep(f"kernel{number}", made.kernel(**shape))
        for order in "single", "two":
            for memory in "512M", "2G", "2600M", "1T":
                for given in initrd, None:
                    words, wanted = launch_all(path, kernel, given, order, memory)
                    seen = values(*words)
                    same(seen, wanted)
                    expect(seen["tdx.rtmr0"] is None, seen)
        words, wanted = launch_all(path, kernel, initrd, "single", "2G", plain=True, first=True)
        same(values(*words), wanted)


@case("TDX: a kernel, its command line and ramdisks in an image")
def boot_tdx():
    path, kernel = keep("tdx.fd", made.firmware()), made.kernel()
    image = keep("tdx.eif", eif_writer.make([("kernel", kernel)] + eif_writer.USUAL[1:]))
    same(values("--kind", "tdx", "--eif", image, path),
         {"tdx.rtmr1": oracle.rtmr1(kernel, 16), "tdx.rtmr2": oracle.rtmr2("console=ttyS0", b"RAMDISK0RAMDISK1")})
    refuse(["--kind", "tdx", "--eif", keep("arm.eif", eif_writer.make(eif_writer.USUAL, flags=1)), path], "aarch64")
    zero = eif_writer.make([("kernel", kernel), ("cmdline", b"a\0b")] + eif_writer.USUAL[2:])
    refuse(["--kind", "tdx", "--eif", keep("zero.eif", zero), path], "zero byte")


@case("TDX: a policy has every claim, a value that was given, or leave to take any")
def policy_tdx():
    path, kernel = keep("tdx.fd", made.firmware()), keep("bz", made.kernel())
    words = ["--kind", "tdx", "--format", "policy", "--kernel", kernel, path]
    refuse(words, "tdx.rtmr0", "--set rtmr0=HEX", "--any rtmr0")
    refuse(["--kind", "tdx", "--format", "policy", "--any", "rtmr0", path], "tdx.rtmr1", "no kernel was given")
    out, _ = troth(*words, "--any", "tdx.rtmr0", "--set", f"mr_config_id={VALUE}", "--set", f"rtmr3={VALUE}")
    expect(out == "images:\n  tdx:\n    tdx:\n"
           f"      mr_td: {oracle.mrtd(path.read_bytes()).hex()}\n      rtmr0: any\n"
           f"      rtmr1: {oracle.rtmr1(kernel.read_bytes()).hex()}\n      rtmr2: {bytes(48).hex()}\n"
           f"      mr_config_id: {VALUE}\n      rtmr3: {VALUE}\n", out)
    expect(f"rtmr0: {VALUE}\n" in troth(*words, "--set", f"rtmr0={VALUE.upper()}")[0])
    expect(values("--kind", "tdx", "--set", f"rtmr0={VALUE}", path)["tdx.rtmr0"] == VALUE)


@case("command lines that mean nothing, or two things")
def orders():
    path, kernel = keep("tdx.fd", made.firmware()), keep("bz", made.kernel())
    tdx, snp, bare = ["--kind", "tdx", path], snp_words(path), ["--kind", "snp", path]
    for words, *said in (
            ([*tdx, "--vcpus", 1], "--vcpus means nothing with --kind tdx"),
            ([*snp, "--memory", "1G"], "--memory means nothing with --kind snp"),
            ([path, "--kernel", kernel], "--kernel means nothing with --kind nitro"),
            ([*tdx, "--initrd", kernel], "without --kernel"), ([*snp, "--cmdline", ""], "without --kernel"),
            ([*tdx, "--eif", kernel, "--kernel", kernel], "--eif brings"),
            (bare, "--vcpus"), ([*bare, "--vcpus", 1], "--vcpu:"),
            ([*bare, "--vcpus", 0], "from 1 to 512"), ([*bare, "--vcpus", 513], "from 1 to 512"),
            ([*bare, "--vcpus", "1x"], "from 1 to 512"), ([*bare, "--vcpu", "EPYC-Millan"], "did you mean 'EPYC-Milan'"),
            ([*snp, "--vmm", "kvm"], "qemu, ec2, gce"), ([*snp, "--features", "20"], "bit 0"),
            ([*snp, "--features", "0x"], "hexadecimal"), ([*tdx, "--memory", "2X"], "512M, 2G, 1T"),
            ([*tdx, "--memory", "0"], "no size"), ([*tdx, "--memory", "99999999T"], "no size"),
            ([*tdx, "--order", "three"], "neither single nor two"),
            ([*tdx, "--kernel-header", "old"], "neither patched nor plain"),
            ([*tdx, "--initrd-option", "no"], "neither last nor first"),
            ([*tdx, "--any", "rtmr0"], "--format policy"), ([*tdx, "--set", "rtmr0"], "CLAIM=HEX"),
            ([*tdx, "--set", "rtmr0=ab"], "96 hexadecimal digits"), ([*tdx, "--set", f"={VALUE}"], "names no claim"),
            ([*tdx, "--set", f"rtmr9={VALUE}"], "rtmr9"), ([*tdx, "--set", f"mr_td={VALUE}"], "computed"),
            ([*tdx, "--set", f"rtmr0={VALUE}", "--set", f"tdx.rtmr0={VALUE}"], "twice"),
            ([*tdx, "--format", "policy", "--any", "rtmr3"], "names code"),
            ([*tdx, "--kernel", path], "tdx.kernel.header"), ([*tdx, "--kernel", path, "--kernel-header", "plain"], "pe."),
            ([*tdx, "--kernel", kernel, "--initrd", keep("none", b"")], "empty"),
            ([*tdx, "--kernel", kernel, "--cmdline", "vga=ask"], "vga"),
            ([*tdx, "--kernel", kernel, "--cmdline", "é"], "ASCII"),
            (["--kind", "tdx", kernel], "ovmf"), (["--kind", "tdx", keep("empty", b"")], "ovmf.size"),
            ([*tdx, "--kernel", Path(folder, "absent")], "absent"), ([*tdx, "--eif", path], "tdx.fd")):
        refuse(words, *said)


@case("firmware and a kernel of a distribution, where they are installed")
def installed():
    found = [Path(p) for p in glob.glob("/usr/share/ovmf/*.fd") + glob.glob("/usr/share/OVMF/*.fd")]
    kernels = [Path(p) for p in glob.glob("/boot/vmlinuz-*") if os.access(p, os.R_OK)][:1]
    known = 0
    for path in found:
        data = path.read_bytes()
        try:
            read = oracle.Firmware(data)
        except ValueError:
            continue
        if read.snp_sections():
            known += 1
            same(values(*snp_words(path, 3)), {"snp.measurement": oracle.snp(data, 3)})
        if read.tdx_sections():
            known += 1
            words = ["--kernel", kernels[0]] if kernels else []
            seen = values("--kind", "tdx", *words, path)
            same(seen, {"tdx.mr_td": oracle.mrtd(data)})
            if kernels:
                same(seen, {"tdx.rtmr1": oracle.rtmr1(kernels[0].read_bytes())})
    if not known:
        raise Skip("no firmware for SEV-SNP or TDX is installed")


with tempfile.TemporaryDirectory() as folder:
    sys.exit(tap.run())

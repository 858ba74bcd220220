/* SPDX-License-Identifier: Apache-2.0 */
#include "image/surface.h"

#include "base/span.h"

#define BIT(id) (1U << TROTH_SURFACE_##id)

static const struct {
    uint32_t kinds;
    const char *names[48]; /* ends with NULL */
} rows[] = {
    /* What /etc/shells names on common systems, and what stands for many at once. */
    {BIT(SHELL), {"sh",   "bash", "rbash",  "dash", "ash",   "hush", "zsh",   "rzsh",
                  "ksh",  "rksh", "mksh",   "lksh", "pdksh", "yash", "posh",  "csh",
                  "tcsh", "fish", "elvish", "nu",   "pwsh",  "tmux", "screen"}},
    /* Shell, server, downloader and editor in one. */
    {BIT(SHELL) | BIT(SERVER), {"busybox", "toybox"}},
    {BIT(PACKAGE_MANAGER),
     {"apt",  "apt-get", "aptitude", "dpkg",   "dpkg-deb", "apk",    "dnf",   "microdnf",
      "yum",  "rpm",     "rpmkeys",  "zypper", "pacman",   "opkg",   "snap",  "flatpak",
      "nix",  "nix-env", "guix",     "pip",    "pipx",     "conda",  "mamba", "uv",
      "npm",  "npx",     "pnpm",     "yarn",   "gem",      "bundle", "cargo", "composer",
      "cpan", "cpanm",   "luarocks", "brew",   "emerge"}},
    {BIT(INTERPRETER),
     {"python", "pypy",    "perl",    "ruby",   "node",  "nodejs", "deno",    "bun",
      "php",    "php-cgi", "lua",     "luajit", "tclsh", "wish",   "expect",  "guile",
      "java",   "jshell",  "Rscript", "R",      "erl",   "elixir", "escript", "julia",
      "octave", "awk",     "gawk",    "mawk",   "nawk",  "qjs",    "gjs",     "mono",
      "dotnet", "scala",   "sbcl",    "racket"}},
    {BIT(COMPILER),
     {"gcc",      "g++",  "cc",     "c++",     "cpp",    "clang", "clang++",
      "tcc",      "ld",   "ld.bfd", "ld.gold", "ld.lld", "lld",   "mold",
      "as",       "ar",   "go",     "gofmt",   "rustc",  "javac", "ghc",
      "gfortran", "nasm", "yasm",   "make",    "cmake",  "ninja"}},
    {BIT(DEBUGGER),
     {"gdb",      "gdbserver", "lldb",     "lldb-server", "strace", "ltrace",
      "perf",     "bpftool",   "bpftrace", "tcpdump",     "tshark", "dumpcap",
      "valgrind", "gcore",     "crash",    "rr",          "delve",  "dlv",
      "objdump",  "radare2",   "nsenter"}},
    {BIT(SERVER),
     {"sshd",    "dropbear", "telnetd", "in.telnetd", "ftpd",     "in.ftpd", "vsftpd",
      "proftpd", "nginx",    "httpd",   "apache",     "lighttpd", "caddy",   "haproxy",
      "envoy",   "traefik",  "inetd",   "xinetd",     "rsync",    "tftpd",   "in.tftpd",
      "smbd",    "rpcbind",  "cupsd",   "exim",       "sendmail", "postfix", "snmpd",
      "named",   "dnsmasq",  "unbound", "squid",      "nc",       "netcat",  "ncat",
      "socat",   "ssh",      "chisel",  "frpc"}},
    {BIT(SERVER), {"mysqld",     "mariadbd",       "postgres", "redis-server",
                   "memcached",  "mongod",         "etcd",     "rabbitmq-server",
                   "dockerd",    "containerd",     "kubelet",  "avahi-daemon",
                   "ntpd",       "chronyd",        "nfsd",     "rpc.mountd",
                   "winbindd",   "openvpn",        "tor",      "gunicorn",
                   "uwsgi",      "uvicorn",        "php-fpm",  "stunnel",
                   "nc.openbsd", "nc.traditional", "curl",     "wget"}},
};

/* "gcc-12", "python3.11", "exim4": without what stands for a version. */
static struct troth_span without_version(struct troth_span name)
{
    while (name.len > 0) {
        const uint8_t last = name.ptr[name.len - 1];

        if ((last < '0' || last > '9') && last != '.' && last != '-')
            break;
        name.len--;
    }
    return name;
}

/* "x86_64-linux-gnu-gcc": a compiler that says for what; "busybox-static", "bash-static":
 * packages with but one program. */
static struct troth_span without_target(struct troth_span name)
{
    static const char *const before[] = {"x86_64-linux-gnu-", "aarch64-linux-gnu-",
                                         "x86_64-alpine-linux-musl-",
                                         "aarch64-alpine-linux-musl-"};
    const struct troth_span behind = troth_span_of_text("-static");

    for (size_t i = 0; i < sizeof before / sizeof before[0]; i++) {
        const struct troth_span target = troth_span_of_text(before[i]);

        if (troth_span_starts_with(name, target))
            name = troth_span_slice(name, target.len, name.len);
    }
    if (name.len > behind.len &&
        troth_span_equal(troth_span_slice(name, name.len - behind.len, name.len), behind))
        name.len -= behind.len;
    return name;
}

static uint32_t find(struct troth_span name)
{
    uint32_t kinds = 0;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (const char *const *row = rows[i].names; *row; row++)
            if (troth_span_is_text(name, *row))
                kinds |= rows[i].kinds;
    return kinds;
}

uint32_t troth_surface_of_program(struct troth_span name)
{
    const struct troth_span plain = without_target(name);

    return find(plain) | find(without_version(plain));
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/build_file.h"

#include <stdio.h>
#include <string.h>

#include "test/harness.h"

#define LEAST "name: a\nkernel: {file: k}\nrun: r.yaml\n"
#define ONE   LEAST "rootfs: [{directory: files}]\n"
#define HEX32 "00112233445566778899aabbccddeeff"

static uint8_t room[TROTH_BUILD_FILE_ARENA_SIZE];

static bool parse(struct troth_build_file *out, struct troth_build_problem *problem,
                  const char *text)
{
    struct troth_arena arena = TROTH_ARENA_OVER(room);

    return troth_build_file_parse(out, problem, test_text(text), &arena);
}

static void check_words(struct troth_build_words words, const char *wanted)
{
    char seen[512] = "";
    size_t len = 0;

    for (size_t i = 0; i < words.count; i++)
        len += (size_t)snprintf(seen + len, sizeof seen - len, "%s%s", i ? "|" : "",
                                words.rows[i]);
    CHECK_TEXT(seen, wanted);
    CHECK(!words.rows || !words.rows[words.count]);
}

static void check_layer(const struct troth_build_layer *seen,
                        enum troth_build_layer_kind kind, const char *path,
                        const char *at, const char *reference)
{
    CHECK_INT(seen->kind, kind);
    CHECK_TEXT(seen->path ? seen->path : "-", path);
    CHECK_TEXT(seen->at, at);
    CHECK_TEXT(seen->reference, reference);
    CHECK(seen->place.line > 0 && seen->place.column > 0);
}

/* clang-format off */
static const char all[] =
    "name: hello-1.0_x\n"
    "version: \"2.1\"\n"
    "architecture: aarch64\n"
    "time: 2001-09-09T01:46:40Z\n"
    "kernel:\n"
    "  packages: [linux-image-6.12, linux-modules=6.12~1+b1]\n"
    "  file: boot/vmlinuz-6.12\n"
    "  sha256: " HEX32 HEX32 "\n"
    "  modules: [nsm, vsock]\n"
    "  module_files: [my/x.ko]\n"
    "cmdline: \"console=ttyS0 quiet\"\n"
    "rootfs:\n"
    "  - directory: files\n"
    "    at: /srv\n"
    "  - oci: ../layout\n"
    "    reference: latest\n"
    "  - program: out/hello\n"
    "  - program: out/hello\n"
    "    at: /usr/bin/other\n"
    "    replace: true\n"
    "  - packages: [busybox-static, python3-minimal=3.11.2-1+b1]\n"
    "  - compiled: true\n"
    "    at: /opt\n"
    "  - directory: more\n"
    "    at: /\n"
    "compile:\n"
    "  packages: [gcc, libc6-dev]\n"
    "  source: src\n"
    "  command: [gcc, -o, /output/x, x.c]\n"
    "  cores: 2\n"
    "  environment: {A: b c, E: \"\"}\n"
    "run: {program: [/usr/bin/hello, \"a\\\"b\"], restart: always, limits: {files: 64}, read: []}\n"
    "firmware:\n"
    "  snp: {file: /usr/share/OVMF.fd, vcpus: 4, vcpu: EPYC-v4, vmm: ec2, features: 0x21}\n"
    "  tdx: {file: TDVF.fd, memory: 512M, order: two}\n";
/* clang-format on */

static void check_parts(const struct troth_build_file *f)
{
    check_words(f->compile.packages, "gcc|libc6-dev");
    check_words(f->compile.command, "gcc|-o|/output/x|x.c");
    check_words(f->compile.environment, "A=b c|E=");
    CHECK_TEXT(f->compile.source, "src");
    CHECK_INT(f->compile.cores, 2);
    CHECK(f->compile.there);
    CHECK(!f->run_file);
    CHECK_SPAN(f->run_json,
               test_text("{\"program\":[\"/usr/bin/hello\",\"a\\\"b\"],"
                         "\"restart\":\"always\",\"limits\":{\"files\":\"64\"},"
                         "\"read\":[]}"));
    CHECK_TEXT(f->snp.file, "/usr/share/OVMF.fd");
    CHECK_TEXT(f->snp.vcpu, "EPYC-v4");
    CHECK_TEXT(f->snp.vmm, "ec2");
    CHECK_INT(f->snp.vcpus, 4);
    CHECK_INT(f->snp.features, 0x21);
    CHECK_TEXT(f->tdx.file, "TDVF.fd");
    CHECK_INT(f->tdx.memory, 512LL << 20);
    CHECK(f->tdx.two_pass);
}

static void all_keys(void)
{
    struct troth_build_file f;
    struct troth_build_problem problem;

    test_case("every key");
    CHECK(parse(&f, &problem, all));
    CHECK_TEXT(problem.text, "");
    CHECK_TEXT(f.name, "hello-1.0_x");
    CHECK_TEXT(f.version, "2.1");
    CHECK(f.aarch64);
    CHECK_INT(f.time_s, 1000000000);
    check_words(f.kernel.packages, "linux-image-6.12|linux-modules=6.12~1+b1");
    CHECK_TEXT(f.kernel.file, "boot/vmlinuz-6.12");
    CHECK(f.kernel.has_sha256);
    CHECK_SPAN(((struct troth_span){f.kernel.sha256, 32}), test_hex(HEX32 HEX32));
    check_words(f.kernel.modules, "nsm|vsock");
    check_words(f.kernel.module_files, "my/x.ko");
    CHECK_TEXT(f.cmdline, "console=ttyS0 quiet");
    CHECK_INT(f.layer_count, 7);
    check_layer(&f.layers[0], TROTH_LAYER_FOLDER, "files", "srv", "");
    check_layer(&f.layers[1], TROTH_LAYER_OCI, "../layout", "", "latest");
    check_layer(&f.layers[2], TROTH_LAYER_PROGRAM, "out/hello", "usr/bin/hello", "");
    check_layer(&f.layers[3], TROTH_LAYER_PROGRAM, "out/hello", "usr/bin/other", "");
    CHECK(f.layers[3].replace && !f.layers[2].replace);
    check_layer(&f.layers[4], TROTH_LAYER_PACKAGES, "-", "", "");
    check_words(f.layers[4].packages, "busybox-static|python3-minimal=3.11.2-1+b1");
    check_layer(&f.layers[5], TROTH_LAYER_COMPILED, "-", "opt", "");
    check_layer(&f.layers[6], TROTH_LAYER_FOLDER, "more", "", "");
    check_parts(&f);
}

static void defaults(void)
{
    struct troth_build_file f;

    test_case("what is not said");
    CHECK(parse(&f, NULL, ONE));
    CHECK_TEXT(f.version, "1");
    CHECK(!f.aarch64);
    CHECK_INT(f.time_s, 315532800);
    CHECK_TEXT(f.cmdline, "console=ttyS0 reboot=k panic=30 random.trust_cpu=on");
    CHECK(!f.kernel.has_sha256);
    CHECK(!f.compile.there && !f.compile.source);
    CHECK_TEXT(f.run_file, "r.yaml");
    CHECK_INT(f.run_json.len, 0);
    CHECK(!f.snp.file && !f.tdx.file);

    test_case("what is compiled is the last row of all");
    CHECK(parse(&f, NULL, ONE "compile: {packages: [gcc], command: [x]}\n"));
    CHECK_INT(f.layer_count, 2);
    check_layer(&f.layers[1], TROTH_LAYER_COMPILED, "-", "", "");
    CHECK_INT(f.compile.cores, 1);
    CHECK(parse(&f, NULL, LEAST "compile: {packages: [gcc], command: [x]}\n"));
    CHECK_INT(f.layer_count, 1);

    test_case("firmware without more");
    CHECK(parse(&f, NULL, ONE "firmware: {snp: {file: f, vcpu: E}, tdx: {file: g}}\n"));
    CHECK_INT(f.snp.vcpus, 1);
    CHECK_TEXT(f.snp.vmm, "qemu");
    CHECK_INT(f.snp.features, 1);
    CHECK_INT(f.tdx.memory, 2LL << 30);
    CHECK(!f.tdx.two_pass);
}

struct refusal {
    const char *why, *text;
    unsigned line, column;
    const char *said, *hint;
};

/* clang-format off */
#define IN "relative, without . and .., without / at its end"
#define ROWS(text) LEAST "rootfs: [" text "]\n"
static const struct refusal refusals[] = {
    {"an unknown key",           ONE "colour: red\n", 5, 1, "colour: no such key", "docs/build-file.md lists the keys"},
    {"a mistyped one",           ONE "verison: 1\n", 5, 1, "verison: no such key", "did you mean version?"},
    {"one of a map",             "name: a\nkernel: {fiel: k}\n", 2, 10, "kernel.fiel: no such key", "did you mean file?"},
    {"one of a row",             ROWS("{directory: a, att: /}"), 4, 25, "rootfs.att: no such key", "did you mean at?"},
    {"a dotted one",             ONE "kernel.file: k\n", 5, 1, "kernel.file: no such key", NULL},
    {"one of firmware",          ONE "firmware: {sev: {}}\n", 5, 12, "firmware.sev: no such key", "docs/build-file.md lists the keys"},
    {"the same key twice",       ONE "name: b\n", 5, 1, "the key 'name' is there twice", ""},
    {"a list",                   "- a\n", 1, 1, "build file: names with their values belong here", ""},
    {"nothing",                  "", 1, 1, "the document is empty", ""},
    {"no name",                  "kernel: {file: k}\nrun: r\n", 1, 1, "name is missing", ""},
    {"no kernel",                "name: a\nrun: r\n", 1, 1, "kernel is missing", ""},
    {"no kernel's file",         "name: a\nkernel: {modules: []}\nrun: r\n", 2, 9, "kernel.file is missing", ""},
    {"no run",                   "name: a\nkernel: {file: k}\n", 1, 1, "run is missing", ""},
    {"no rows",                  LEAST, 1, 1, "rootfs: the image would be empty", ""},
    {"no row",                   LEAST "rootfs: []\n", 4, 9, "rootfs: the image would be empty", ""},
    {"no command",               ONE "compile: {packages: [gcc]}\n", 5, 10, "compile.command is missing", ""},
    {"an empty command",         ONE "compile: {packages: [gcc], command: []}\n", 5, 37, "compile.command: the program's name is missing", NULL},
    {"no compile packages",      ONE "compile: {command: [gcc]}\n", 5, 10, "compile.packages is missing", ""},
    {"no firmware file",         ONE "firmware: {snp: {vcpu: E}}\n", 5, 17, "firmware.snp.file is missing", ""},
    {"no processor",             ONE "firmware: {snp: {file: E}}\n", 5, 17, "firmware.snp.vcpu is missing", ""},
    {"a name in capitals",       "name: Hello\n", 1, 7, "name: 'Hello' is no name of an image", NULL},
    {"a name that leaves",       "name: ../a\n", 1, 7, "name: '../a' is no name of an image", NULL},
    {"a name that hides",        "name: .a\n", 1, 7, "name: '.a' is no name of an image", NULL},
    {"a list for a name",        "name: [a]\n", 1, 7, "name: one value belongs here", ""},
    {"an empty version",         "version: \"\"\n", 1, 10, "version: '' is no short line of printable ASCII", ""},
    {"another machine",          "architecture: arm\n", 1, 15, "architecture: 'arm' is neither x86_64 nor aarch64", ""},
    {"no time",                  "time: yesterday\n", 1, 7, "time: 'yesterday' is no time", "1980-01-01T00:00:00Z"},
    {"a time before zip's",      "time: 1979-12-31T23:59:59Z\n", 1, 7, "time: '1979-12-31T23:59:59Z' is a time that archives cannot hold", NULL},
    {"a time beyond 32 bits",    "time: 2106-02-07T06:28:16Z\n", 1, 7, "time: '2106-02-07T06:28:16Z' is a time that archives cannot hold", NULL},
    {"a kernel as a text",       "kernel: k\n", 1, 9, "kernel: names with their values belong here", ""},
    {"a short digest",           "kernel: {sha256: 0011}\n", 1, 18, "kernel.sha256: '0011' is no SHA-256", "64 hexadecimal digits"},
    {"a module's file",          "kernel: {modules: [a.ko]}\n", 1, 20, "kernel.modules: 'a.ko' is no name of a module", NULL},
    {"modules of no package",    "name: a\nkernel: {file: k, modules: [nsm]}\nrun: r\n", 2, 28, "kernel.modules: there are no packages they are in, or they go into module_files", ""},
    {"a module twice",           "kernel: {modules: [a, b, a]}\n", 1, 26, "kernel.modules: 'a' is there twice", ""},
    {"a file that leaves",       "kernel: {module_files: [../a.ko]}\n", 1, 25, "kernel.module_files: '../a.ko' is no path within its folder", IN},
    {"a kernel that leaves",     "name: a\nkernel: {packages: [ab], file: ../k}\nrun: r\n", 2, 32, "kernel.file: '../k' is no path within the packages", IN},
    {"a package in capitals",    "kernel: {packages: [Gcc]}\n", 1, 21, "kernel.packages: 'Gcc' is no Debian package", "NAME, or NAME=VERSION"},
    {"a package of an option",   "kernel: {packages: [--purge]}\n", 1, 21, "kernel.packages: '--purge' is no Debian package", NULL},
    {"a package to be removed",  "kernel: {packages: [dash-]}\n", 1, 21, "kernel.packages: 'dash-' is no Debian package", NULL},
    {"a package's architecture", "kernel: {packages: [\"gcc:arm64\"]}\n", 1, 21, "kernel.packages: 'gcc:arm64' is no Debian package", NULL},
    {"a package's release",      "kernel: {packages: [gcc/sid]}\n", 1, 21, "kernel.packages: 'gcc/sid' is no Debian package", NULL},
    {"a package of one letter",  "kernel: {packages: [r]}\n", 1, 21, "kernel.packages: 'r' is no Debian package", NULL},
    {"an empty version",         "kernel: {packages: [gcc=]}\n", 1, 21, "kernel.packages: 'gcc=' is no Debian package", NULL},
    {"a version of an option",   "kernel: {packages: [gcc=-1]}\n", 1, 21, "kernel.packages: 'gcc=-1' is no Debian package", NULL},
    {"two lines for the kernel", "cmdline: \"a\\nb\"\n", 1, 10, "cmdline: 'a b' is no command line", NULL},
    {"a row as a text",          ROWS("files"), 4, 10, "rootfs: names with their values belong here", ""},
    {"rows as a text",           LEAST "rootfs: files\n", 4, 9, "rootfs: a list belongs here", ""},
    {"a row of nothing",         ROWS("{at: /}"), 4, 10, "rootfs: one of directory, oci, program, packages, compiled belongs here", ""},
    {"a row of two things",      ROWS("{directory: a, program: b}"), 4, 25, "rootfs: a row is either directory or program", ""},
    {"a folder that leaves",     ROWS("{directory: a/../..}"), 4, 22, "rootfs.directory: 'a/../..' is no path within its folder", IN},
    {"an absolute folder",       ROWS("{directory: /etc}"), 4, 22, "rootfs.directory: '/etc' is no path within its folder", IN},
    {"the folder itself",        ROWS("{directory: .}"), 4, 22, "rootfs.directory: '.' is no path within its folder", IN},
    {"an empty folder",          ROWS("{directory: \"\"}"), 4, 22, "rootfs.directory: '' is no path within its folder", IN},
    {"a relative place",         ROWS("{directory: a, at: b}"), 4, 29, "rootfs.at: 'b' is no place in the image", NULL},
    {"a place that leaves",      ROWS("{directory: a, at: /../b}"), 4, 29, "rootfs.at: '/../b' is no place in the image", NULL},
    {"Troth's own place",        ROWS("{directory: a, at: /troth/x}"), 4, 29, "rootfs.at: /troth is Troth's own folder", ""},
    {"a program as the root",    ROWS("{program: a, at: /}"), 4, 27, "rootfs.at: the program's own name is missing", ""},
    {"packages elsewhere",       ROWS("{packages: [ab], at: /x}"), 4, 27, "rootfs.at: packages say it themselves", ""},
    {"a folder's reference",     ROWS("{directory: a, reference: x}"), 4, 25, "rootfs.reference: only oci has one", ""},
    {"not replaced",             ROWS("{directory: a, replace: no}"), 4, 34, "rootfs.replace: 'no' is neither false nor true", ""},
    {"compiled, not",            ROWS("{compiled: false}"), 4, 21, "rootfs.compiled: only true may stand here", ""},
    {"compiled by nothing",      ROWS("{compiled: true}"), 4, 10, "rootfs: nothing is compiled: compile is missing", ""},
    {"compiled twice",           ROWS("{compiled: true}, {compiled: true, at: /a}") "compile: {packages: [gcc], command: [x]}\n", 4, 28, "rootfs: compiled is there twice", ""},
    {"two programs, one place",  ROWS("{program: a/x}, {program: b/x}"), 4, 26, "rootfs: two programs are /usr/bin/x", "say at: for one of them, or replace: true"},
    {"no core",                  ONE "compile: {cores: 0}\n", 5, 18, "compile.cores: '0' is no number of them", "from 1 to 64"},
    {"too many cores",           ONE "compile: {cores: 65}\n", 5, 18, "compile.cores: '65' is no number of them", "from 1 to 64"},
    {"a variable with =",        ONE "compile: {environment: {\"A=B\": c}}\n", 5, 25, "compile.environment: 'A=B' is no name of a variable", NULL},
    {"a variable as a list",     ONE "compile: {environment: {A: [b]}}\n", 5, 28, "compile.environment: one value belongs here", ""},
    {"a zero byte",              ONE "compile: {environment: {A: \"b\\0c\"}}\n", 5, 28, "compile.environment: a zero byte is in the text", ""},
    {"a source that leaves",     ONE "compile: {source: ..}\n", 5, 19, "compile.source: '..' is no path within its folder", IN},
    {"run as a list",            "run: [a]\n", 1, 6, "run: a file or a run file's keys belong here", ""},
    {"a run file that leaves",   "run: /etc/run.yaml\n", 1, 6, "run: '/etc/run.yaml' is no path within its folder", IN},
    {"a zero byte to run",       "run: {a: \"b\\0\"}\n", 1, 10, "run: a zero byte is in the text", ""},
    {"no processors",            ONE "firmware: {snp: {vcpus: 0}}\n", 5, 25, "firmware.snp.vcpus: '0' is no number of them", "from 1 to 512"},
    {"another monitor",          ONE "firmware: {snp: {vmm: xen}}\n", 5, 23, "firmware.snp.vmm: 'xen' is none of qemu, ec2, gce", ""},
    {"features as a word",       ONE "firmware: {snp: {features: x}}\n", 5, 28, "firmware.snp.features: 'x' is no number", "1, or 0x1"},
    {"no memory",                ONE "firmware: {tdx: {memory: M}}\n", 5, 26, "firmware.tdx.memory: 'M' is no size", "bytes, or 512M, 2G, 1T"},
    {"another order",            ONE "firmware: {tdx: {order: both}}\n", 5, 25, "firmware.tdx.order: 'both' is neither single nor two", ""},
};
/* clang-format on */

static void check_refusal(const struct refusal *row)
{
    struct troth_build_file f;
    struct troth_build_problem problem;

    test_case("refused: %s", row->why);
    CHECK(!parse(&f, &problem, row->text));
    CHECK(!f.name && !f.version && f.layer_count == 0);
    CHECK_TEXT(problem.text, row->said);
    if (row->hint)
        CHECK_TEXT(problem.hint, row->hint);
    CHECK_INT(problem.place.line, row->line);
    CHECK_INT(problem.place.column, row->column);
}

/* The n-th text of a kind that must not be too long, too many or both. */
static void limits(void)
{
    static char text[TROTH_BUILD_FILE_MAX];
    struct troth_build_file f;
    struct troth_build_problem problem;
    size_t len;

    test_case("64 rows and no more");
    len = (size_t)snprintf(text, sizeof text, "%srootfs:\n", LEAST);
    for (unsigned i = 0; i < TROTH_BUILD_ROWS_MAX; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, "- directory: d%u\n", i);
    CHECK(parse(&f, &problem, text));
    CHECK_INT(f.layer_count, TROTH_BUILD_ROWS_MAX);
    (void)snprintf(text + len, sizeof text - len,
                   "compile: {packages: [gcc], command: "
                   "[x]}\n");
    CHECK(!parse(&f, &problem, text));
    CHECK_TEXT(problem.text, "rootfs: there are too many");
    (void)snprintf(text + len, sizeof text - len, "- directory: d64\n");
    CHECK(!parse(&f, &problem, text));
    CHECK_TEXT(problem.text, "rootfs: there are too many");
    CHECK_INT(problem.place.line, 5);

    test_case("1024 words and no more");

    len = (size_t)snprintf(text, sizeof text, "kernel: {modules: [a0");
    for (unsigned i = 1; i <= 1024; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, ", a%u", i);
    (void)snprintf(text + len, sizeof text - len, "]}\n");
    CHECK(!parse(&f, &problem, text));
    CHECK_TEXT(problem.text, "kernel.modules: there are too many");
}

static void names(void)
{
    struct troth_arena arena = TROTH_ARENA_OVER(room);
    struct troth_build_file f;
    const char *name = troth_build_file_key(0);
    size_t i = 0;

    test_case("the names of the keys");
    CHECK_TEXT(name, "name");
    for (; name; name = troth_build_file_key(++i))
        CHECK(*name);
    CHECK_INT(i, 38);
    CHECK(!troth_build_file_key(1000));

    test_case("a run file without end");
    CHECK(troth_build_file_parse(
        &f, NULL,
        test_text("name: a\nkernel: {file: k}\nrootfs: [{directory: a}]\n"
                  "run: {a: {b: [[[c, {}], []]]}, d: [{e: f}, g]}\n"),
        &arena));
    CHECK_SPAN(f.run_json, test_text("{\"a\":{\"b\":[[[\"c\",{}],[]]]},"
                                     "\"d\":[{\"e\":\"f\"},\"g\"]}"));
}

int main(void)
{
    all_keys();
    defaults();
    for (size_t i = 0; i < COUNT(refusals); i++)
        check_refusal(&refusals[i]);
    limits();
    names();
    return test_finish();
}

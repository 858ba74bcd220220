/* SPDX-License-Identifier: Apache-2.0 */
/* Real runs in a world of busybox alone, as root and as somebody else. */
#define _GNU_SOURCE /* namespaces, groups */
#include "builder/compile.h"

#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/span.h"
#include "test/harness.h"

#define BUSYBOX "/bin/busybox"
#define NOBODY  65534
#define TIME_S  1000000000

/* What a run in another process came to. */
struct result {
    bool is_done;
    struct troth_build_problem problem;
    char said[16384];
    char output[4096]; /* "PATH MODE CONTENT;" of all in it */
};

static char folder[] = "/tmp/troth-compile-XXXXXX";
static struct result *shared;
static int busybox, ask;

static void add(struct troth_file_tree *tree, struct troth_entry entry,
                struct troth_content content)
{
    struct troth_build_problem problem;

    if (!troth_file_tree_add(tree, &problem, &entry, &content, 0, TROTH_TREE_REFUSE))
        abort();
}

static void add_link(struct troth_file_tree *tree, const char *path, const char *target)
{
    add(tree,
        (struct troth_entry){.kind = TROTH_ENTRY_SYMLINK,
                             .path = troth_span_of_text(path),
                             .mode = 0777,
                             .target = troth_span_of_text(target)},
        (struct troth_content){.descriptor = -1});
}

static void add_text(struct troth_file_tree *tree, const char *path, unsigned mode,
                     const char *text)
{
    add(tree,
        (struct troth_entry){.kind = TROTH_ENTRY_FILE,
                             .path = troth_span_of_text(path),
                             .mode = mode,
                             .size = strlen(text)},
        (struct troth_content){.descriptor = -1, .bytes = (const uint8_t *)text});
}

static void add_program(struct troth_file_tree *tree, const char *path, int file)
{
    struct stat about;

    if (fstat(file, &about) != 0)
        abort();
    add(tree,
        (struct troth_entry){.kind = TROTH_ENTRY_FILE,
                             .path = troth_span_of_text(path),
                             .mode = 0755,
                             .size = (uint64_t)about.st_size},
        (struct troth_content){.descriptor = file});
}

static void finish(struct troth_file_tree *tree)
{
    struct troth_build_problem problem;

    if (!troth_file_tree_finish(tree, &problem))
        abort();
}

static struct troth_file_tree *make_root(void)
{
    static const char *const names[] = {
        "sh",   "env",  "cat",  "id",     "hostname", "nproc",  "ls",   "nc",    "sleep",
        "head", "wc",   "stat", "mkfifo", "ln",       "mkdir",  "grep", "mknod", "whoami",
        "cut",  "sort", "tr",   "touch",  "pwd",      "printf", "chmod"};
    struct troth_file_tree *tree = troth_file_tree_create();
    char path[64];

    add_program(tree, "usr/bin/busybox", busybox);
    add_program(tree, "usr/bin/ask", ask);
    for (size_t i = 0; i < COUNT(names); i++) {
        (void)snprintf(path, sizeof path, "usr/bin/%s", names[i]);
        add_link(tree, path, "busybox");
    }
    add_link(tree, "bin", "usr/bin");
    add_text(tree, "usr/share/su", 06755, "x");
    add_text(tree, "usr/share/secret", 0400, "s");
    add(tree,
        (struct troth_entry){.kind = TROTH_ENTRY_FOLDER,
                             .path = TROTH_LITERAL("usr/share/closed"),
                             .mode = 0555},
        (struct troth_content){.descriptor = -1});
    add_text(tree, "usr/share/closed/in", 0644, "inside\n");
    finish(tree);
    return tree;
}

static struct troth_file_tree *make_source(void)
{
    struct troth_file_tree *tree = troth_file_tree_create();

    add_text(tree, "hello.txt", 0644, "hello\n");
    add_text(tree, "sub/run", 0755, "#!/bin/sh\necho it runs\n");
    add_link(tree, "link", "hello.txt");
    finish(tree);
    return tree;
}

/* ---- in a process of its own ---- */

static void show_content(char *out, size_t size, const struct troth_tree_entry *entry)
{
    struct troth_content_reader reader;
    struct troth_build_problem problem;
    size_t len = 0;

    if (!troth_content_open(&reader, &problem, entry))
        abort();
    if (!troth_content_read(&reader, &problem, (uint8_t *)out, size - 1, &len))
        abort();
    out[len] = '\0';
    troth_content_close(&reader);
}

static void show_output(struct result *r, const struct troth_file_tree *tree)
{
    size_t len = 0;

    for (size_t i = 0; i < troth_file_tree_count(tree); i++) {
        const struct troth_tree_entry *entry = troth_file_tree_at(tree, i);
        char content[256] = "";

        if (entry->entry.kind == TROTH_ENTRY_FILE)
            show_content(content, sizeof content, entry);
        if (entry->entry.kind == TROTH_ENTRY_SYMLINK)
            (void)snprintf(content, sizeof content, "%.*s", (int)entry->entry.target.len,
                           (const char *)entry->entry.target.ptr);
        len += (size_t)snprintf(r->output + len, sizeof r->output - len, "%.*s %o %s;",
                                (int)entry->entry.path.len,
                                (const char *)entry->entry.path.ptr,
                                (unsigned)entry->entry.mode, content);
    }
}

static bool become(unsigned user)
{
    return user == getuid() ||
           (setgroups(0, NULL) == 0 && setresgid(user, user, user) == 0 &&
            setresuid(user, user, user) == 0);
}

static int compile_here(struct result *r, struct troth_compile compile, unsigned user)
{
    struct troth_file_tree *root = make_root(), *source = make_source();
    struct troth_file_tree *tree = troth_file_tree_create();
    const int file = memfd_create("said", MFD_CLOEXEC);
    char scratch[256];

    (void)umask(077);
    if (!become(user) || file < 0 ||
        !troth_scratch_create(scratch, sizeof scratch, &r->problem))
        return 1;
    compile.root = root;
    compile.source = source;
    compile.time_s = TIME_S;
    r->is_done = troth_compile(tree, &r->problem, &compile, scratch, file, 3);
    if (r->is_done) {
        finish(tree);
        show_output(r, tree);
    }
    if (pread(file, r->said, sizeof r->said - 1, 0) < 0)
        return 1;
    troth_file_tree_destroy(tree);
    troth_file_tree_destroy(source);
    troth_file_tree_destroy(root);
    troth_scratch_remove(scratch);
    return access(scratch, F_OK) == 0;
}

static pid_t start(struct troth_compile compile, unsigned user)
{
    pid_t child;

    memset(shared, 0, sizeof *shared);
    (void)fflush(stdout);
    child = fork();
    if (child == 0)
        _exit(compile_here(shared, compile, user));
    return child;
}

static void run(struct troth_compile compile, unsigned user)
{
    int status = -1;

    CHECK(waitpid(start(compile, user), &status, 0) > 0);
    CHECK_INT(status, 0);
}

/* ---- what is run ---- */

#define SH(script)                                                                       \
    {                                                                                    \
        "sh", "-c", script                                                               \
    }

/* clang-format off */
static const struct row {
    const char *why, *command[5], *environment[3];
    const char *said, *output;           /* of a run that is done */
    const char *subject, *text;          /* of one that is not */
} rows[] = {
    {"the environment is this and nothing else", {"env"}, {"A=b c"},
     "PATH=/usr/bin:/bin\nHOME=/tmp\nLANG=C.UTF-8\nLC_ALL=C.UTF-8\nTZ=UTC\n"
     "SOURCE_DATE_EPOCH=1000000000\nA=b c\n", ""},
    {"what the build file says counts more", {"env"}, {"TZ=X", "PATH=/bin"},
     "HOME=/tmp\nLANG=C.UTF-8\nLC_ALL=C.UTF-8\nSOURCE_DATE_EPOCH=1000000000\nTZ=X\nPATH=/bin\n", ""},
    {"the user, place, machine, mask, limits and number of cores",
     SH("id -u; id -g; whoami; pwd; hostname; umask; ulimit -c; ulimit -n; nproc"), {NULL},
     "1000\n1000\nbuild\n/source\nbuild\n0022\n0\n4096\n1\n", ""},
    {"no rights and no way to more", SH("grep -E '^(Cap(Inh|Prm|Eff|Amb)|NoNew)' /proc/self/status | tr '\\t' ' '"), {NULL},
     "CapInh: 0000000000000000\nCapPrm: 0000000000000000\nCapEff: 0000000000000000\n"
     "CapAmb: 0000000000000000\nNoNewPrivs: 1\n", ""},
    {"no network, not even to itself", SH("nc 127.0.0.1 9 </dev/null; nc 1.1.1.1 53 </dev/null; cut -d: -f1 /proc/self/net/dev | grep -v '|'"), {NULL},
     "nc: can't connect to remote host (127.0.0.1): Network is unreachable\n"
     "nc: can't connect to remote host (1.1.1.1): Network is unreachable\n    lo\n", ""},
    {"no way out that belongs to no namespace, no keys, no calls of another table", {"ask"}, {NULL},
     "unix: done\ninternet: done\nmachine: Address family not supported by protocol\n"
     "keys: Function not implemented\nnew-key: Function not implemented\nother-key: Function not implemented\n"
     "ring: Function not implemented\nold-table: Function not implemented\n", ""},
    {"nothing else of the machine", SH("ls -d /*; ls /dev; ls /proc | grep -v '^[0-9]'"), {NULL},
     "/bin\n/dev\n/etc\n/output\n/proc\n/source\n/tmp\n/usr\n"
     "fd\nfull\nnull\nrandom\nstderr\nstdin\nstdout\nurandom\nzero\nself\nthread-self\n", ""},
    {"its mounts", SH("cut -d' ' -f2-4 /proc/self/mounts | tr ' ' ',' | cut -d, -f1,3-5 | grep -v ^/dev/ | sort"), {NULL},
     "/,ro,nosuid,nodev\n/dev,ro,nosuid,nodev\n/output,rw,nosuid,nodev\n/proc,ro,nosuid,nodev\n/source,ro,nosuid,nodev\n/tmp,rw,nosuid,nodev\n", ""},
    {"no other processes", SH("ls /proc | grep '^[0-9]$' | head -n 2; cat /proc/1/cmdline /proc/1/environ; ls /proc/1/fd || true"), {NULL},
     "2\n3\ncat: can't open '/proc/1/cmdline': No such file or directory\n"
     "cat: can't open '/proc/1/environ': No such file or directory\nls: /proc/1/fd: No such file or directory\n", ""},
    {"no open files but three", SH("ls /proc/self/fd"), {NULL}, "0\n1\n2\n3\n", ""},
    {"no input, no terminal", SH("cat; echo x >/dev/tty || echo none; cut -d' ' -f7 /proc/self/stat"), {NULL},
     "sh: can't create /dev/tty: Read-only file system\nnone\n0\n", ""},
    {"devices that work", SH("head -c 3 /dev/zero | wc -c; echo x >/dev/null; head -c 3 /dev/urandom | wc -c; echo y >/dev/stdout"), {NULL},
     "3\n3\ny\n", ""},
    {"read-only but for two folders",
     SH("for i in / /usr /source /source/sub /dev /etc /proc; do touch $i/x 2>&1; done; echo x >>/source/hello.txt; touch /tmp/x /output/x"), {NULL},
     "touch: //x: Read-only file system\ntouch: /usr/x: Read-only file system\n"
     "touch: /source/x: Read-only file system\ntouch: /source/sub/x: Read-only file system\n"
     "touch: /dev/x: Read-only file system\ntouch: /etc/x: Read-only file system\n"
     "touch: /proc/x: No such file or directory\n"
     "sh: can't create /source/hello.txt: Read-only file system\n", "x 644 ;"},
    {"modes without set-user-id, one time, one owner",
     SH("stat -c '%n %a %u %g %Y' / /usr /usr/share/* /usr/share/closed/in /etc/passwd /source /source/* /output; cat /usr/share/secret"), {NULL},
     "/ 755 1000 1000 1000000000\n/usr 755 1000 1000 1000000000\n"
     "/usr/share/closed 555 1000 1000 1000000000\n/usr/share/secret 400 1000 1000 1000000000\n"
     "/usr/share/su 755 1000 1000 1000000000\n/usr/share/closed/in 644 1000 1000 1000000000\n"
     "/etc/passwd 644 1000 1000 1000000000\n"
     "/source 755 1000 1000 1000000000\n/source/hello.txt 644 1000 1000 1000000000\n"
     "/source/link 777 1000 1000 1000000000\n/source/sub 755 1000 1000 1000000000\n"
     "/output 755 1000 1000 1000000000\ns", ""},
    {"what is left in /output, links as links",
     SH("sub/run; mkdir -p /output/usr/bin; cat link >/output/usr/bin/a; chmod 700 /output/usr/bin/a; ln -s /no/where /output/l"), {NULL},
     "it runs\n", "l 777 /no/where;usr 755 ;usr/bin 755 ;usr/bin/a 755 hello\n;"},
    {"addresses that are always the same", SH("grep -o '^[^ ]* .* .stack' /proc/self/maps | cut -d- -f2 | cut -d' ' -f1"), {NULL},
     "7ffffffff000\n", ""},
    {"words and no orders for a terminal", SH("printf 'a\\033]0;b\\007\\302\\233c\\rd\\t\\302\\251\\n'"), {NULL},
     "a?]0;b?\xc2?c\nd\t\xc2\xa9\n", ""},
    {"a status and the last line of all", SH("echo first; echo last words >&2; echo; exit 7"), {NULL}, NULL, NULL,
     "sh", "ended with status 7: last words"},
    {"a status without a word", SH("exit 3"), {NULL}, NULL, NULL, "sh", "ended with status 3"},
    {"a signal", SH("printf 'a\\033b'; kill -9 $$"), {NULL}, NULL, NULL, "sh", "was ended by signal 9: a?b"},
    {"a program that is not there", {"nobody"}, {NULL}, NULL, NULL, "nobody", "cannot be started: No such file or directory"},
    {"a text that is no program", {"/source/hello.txt"}, {NULL}, NULL, NULL, "/source/hello.txt", "cannot be started: Permission denied"},
    {"a pipe in /output", SH("mkfifo /output/p"), {NULL}, NULL, NULL, NULL, NULL},
    {"a device", SH("mknod /output/null c 1 3"), {NULL}, NULL, NULL, "sh", "ended with status 1: mknod: /output/null: Operation not permitted"},
};
/* clang-format on */

static struct troth_compile order_of(const struct row *row)
{
    struct troth_compile compile = {
        .command = {row->command, 0}, .environment = {row->environment, 0}, .cores = 1};

    while (row->command[compile.command.count])
        compile.command.count++;
    while (row->environment[compile.environment.count])
        compile.environment.count++;
    return compile;
}

static void check_row(const struct row *row, unsigned user)
{
    char said[sizeof shared->said];

    test_case("user %u: %s", user, row->why);
    run(order_of(row), user);
    CHECK_INT(shared->is_done, row->output != NULL);
    if (!row->output) {
        CHECK(shared->problem.text[0]);
        if (row->text)
            CHECK_TEXT(shared->problem.text, row->text);
        if (row->subject)
            CHECK_TEXT(shared->problem.subject, row->subject);
        return;
    }
    CHECK_TEXT(shared->problem.text, "");
    CHECK_TEXT(shared->output, row->output);
    if (row->said)
        CHECK_TEXT(shared->said, row->said);
    memcpy(said, shared->said, sizeof said);
    run(order_of(row), user);
    CHECK_TEXT(shared->said, said);
}

/* ---- what is left ---- */

/* Is there a process of this command line, its zero bytes as spaces? */
static bool is_running(const char *wanted)
{
    DIR *processes = opendir("/proc");
    const struct dirent *entry;
    bool is_found = false;

    while (!is_found && (entry = readdir(processes))) {
        char path[300], line[64] = "";
        int file;

        (void)snprintf(path, sizeof path, "/proc/%s/cmdline", entry->d_name);
        file = open(path, O_RDONLY | O_CLOEXEC);
        if (file < 0)
            continue;
        for (ssize_t i = read(file, line, sizeof line - 1); i > 1; i--)
            if (line[i - 2] == '\0')
                line[i - 2] = ' ';
        is_found = strcmp(line, wanted) == 0;
        (void)close(file);
    }
    (void)closedir(processes);
    return is_found;
}

/* Up to five seconds, until it is so. */
static bool comes_to_run(const char *line, bool wanted)
{
    const struct timespec pause = {.tv_nsec = 20 * 1000 * 1000};

    for (int i = 0; i < 250; i++) {
        if (is_running(line) == wanted)
            return true;
        (void)nanosleep(&pause, NULL);
    }
    return false;
}

static void check_ends(unsigned user)
{
    static const struct row left = {
        .command = SH("sleep 71932 & (sleep 71932 >/dev/null 2>&1 &); "
                      "until ls /proc | grep -q 5; do :; done; echo over")};
    static const struct row lasting = {.command = {"sleep", "71933"}};
    int status;
    pid_t child;

    test_case("user %u: what was started is gone when it returns", user);
    run(order_of(&left), user);
    CHECK(shared->is_done);
    CHECK_TEXT(shared->said, "over\n");
    CHECK(!is_running("sleep 71932"));

    test_case("user %u: it does not outlive who started it", user);
    child = start(order_of(&lasting), user);
    CHECK(comes_to_run("sleep 71933", true));
    CHECK(kill(child, SIGKILL) == 0 && waitpid(child, &status, 0) == child);
    CHECK(comes_to_run("sleep 71933", false));
}

/* Everything that a program could see of its files, and what it makes of it. */
static void check_same(void)
{
    static const struct row row = {
        .command = SH("ls -lnR --full-time /bin/ /etc /usr /source | grep -v ^total; "
                      "for i in c a b; do ls -l /usr >/output/$i; done")};
    char said[sizeof shared->said], output[sizeof shared->output];

    test_case("two users, two scratch folders, one world");
    run(order_of(&row), getuid());
    CHECK(shared->is_done);
    memcpy(said, shared->said, sizeof said);
    memcpy(output, shared->output, sizeof output);
    run(order_of(&row), getuid() == 0 ? NOBODY : getuid());
    CHECK(shared->is_done && strstr(said, "busybox"));
    CHECK_TEXT(shared->said, said);
    CHECK_TEXT(shared->output, output);
}

static void check_cores(unsigned user)
{
    static const struct row row = {.command = {"nproc"}};
    struct troth_compile compile = order_of(&row);
    char wanted[64];

    test_case("user %u: every core there is, and one more", user);
    compile.cores = (uint32_t)sysconf(_SC_NPROCESSORS_ONLN);
    run(compile, user);
    (void)snprintf(wanted, sizeof wanted, "%u\n", (unsigned)compile.cores);
    CHECK_TEXT(shared->said, wanted);
    (void)snprintf(wanted, sizeof wanted, "says %u, and there are %u to be used here",
                   (unsigned)compile.cores + 1, (unsigned)compile.cores);
    compile.cores++;
    run(compile, user);
    CHECK_TEXT(shared->problem.text, wanted);
    compile.cores = 0;
    run(compile, user);
    CHECK(!shared->is_done);
}

static void check_all(unsigned user)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        check_row(&rows[i], user);
    check_ends(user);
    check_cores(user);
}

/* A mistake in what is tested here shall not reach the machine's own mounts. */
static bool can_compile(const char **out_why)
{
    static const struct row row = {.command = {"env"}};

    ask = open(TROTH_BUILD_DIR "/test/unit/builder/ask", O_RDONLY | O_CLOEXEC);
    CHECK(ask >= 0);
    *out_why = "no static busybox here";
    busybox = open(BUSYBOX, O_RDONLY | O_CLOEXEC);
    if (busybox < 0 || system("ldd " BUSYBOX " >/dev/null 2>&1") == 0)
        return false;
    if (getuid() == 0 && (unshare(CLONE_NEWNS) != 0 ||
                          mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0))
        return false;
    run(order_of(&row), getuid());
    *out_why = "this machine allows no namespaces";
    return shared->is_done || !strstr(shared->problem.hint, "namespaces");
}

int main(void)
{
    const char *why;

    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE,
                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    test_case("compile");
    CHECK(mkdtemp(folder) && chmod(folder, 01777) == 0 &&
          setenv("TMPDIR", folder, 1) == 0);
    if (!can_compile(&why)) {
        test_skip("%s", why);
        (void)rmdir(folder);
        return test_finish();
    }
    check_all(getuid());
    if (getuid() == 0)
        check_all(NOBODY);
    check_same();
    CHECK(system("rm -rf $TMPDIR") == 0);
    return test_finish();
}

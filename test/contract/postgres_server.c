/* SPDX-License-Identifier: Apache-2.0 */
#include "test/contract/postgres_server.h"

#include <fcntl.h>
#include <glob.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char folder[] = "/tmp/troth-postgres-XXXXXX";
static char programs[256]; /* where initdb and postgres are */
static char conninfo[256];
static bool is_there;
static pid_t server = -1;
static uid_t owner;
static gid_t group;

/* Debian keeps each version apart; the last is the newest. */
static bool find_programs(void)
{
    static const char *const places[] = {"/usr/lib/postgresql/*/bin", "/usr/bin",
                                         "/usr/local/bin"};
    char program[300];
    bool is_found = false;

    for (size_t i = 0; i < sizeof places / sizeof *places && !is_found; i++) {
        glob_t found = {0};

        /* NOLINTNEXTLINE(concurrency-mt-unsafe): before there is another thread */
        if (glob(places[i], 0, NULL, &found) == 0) {
            (void)snprintf(programs, sizeof programs, "%s",
                           found.gl_pathv[found.gl_pathc - 1]);
            (void)snprintf(program, sizeof program, "%s/initdb", programs);
            is_found = access(program, X_OK) == 0;
        }
        globfree(&found);
    }
    return is_found;
}

/* The server refuses to be root, who therefore becomes somebody else. */
static bool find_owner(void)
{
    static const char *const names[] = {"postgres", "nobody"};

    owner = getuid();
    group = getgid();
    for (size_t i = 0; owner == 0 && i < sizeof names / sizeof *names; i++) {
        /* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
        const struct passwd *row = getpwnam(names[i]);

        if (row) {
            owner = row->pw_uid;
            group = row->pw_gid;
        }
    }
    return owner != 0;
}

/* What it says goes into a file of its folder. */
static pid_t run(const char *program, const char *const arguments[])
{
    enum { WORDS_MAX = 31 };
    const char *again[WORDS_MAX + 1] = {NULL};
    char path[300];
    const pid_t child = fork();
    int words;

    if (child != 0)
        return child;
    if (getuid() == 0 && (setgid(group) != 0 || setuid(owner) != 0))
        _exit(126);
    (void)prctl(PR_SET_PDEATHSIG, SIGINT);
    (void)setpgid(0, 0);
    if (chdir(folder) != 0)
        _exit(126);
    words = open("words", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (words < 0 || dup2(words, 1) < 0 || dup2(words, 2) < 0)
        _exit(126);
    (void)snprintf(path, sizeof path, "%s/%s", programs, program);
    /* They look for each other beside where they are called, or in PATH. */
    again[0] = path;
    for (words = 1; words < WORDS_MAX && arguments[words]; words++)
        again[words] = arguments[words];
    (void)execv(path, (char *const *)again);
    _exit(127);
}

static bool run_to_end(const char *program, const char *const arguments[])
{
    const pid_t child = run(program, arguments);
    int status;

    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

static bool wait_until_up(void)
{
    const char *const arguments[] = {"pg_isready", "-q", "-h", folder, NULL};

    for (int i = 0; i < 300 && server > 0; i++) {
        if (run_to_end("pg_isready", arguments))
            return true;
        if (waitpid(server, NULL, WNOHANG) == server)
            server = -1;
        (void)nanosleep(&(struct timespec){0, 50000000}, NULL);
    }
    return false;
}

bool postgres_server_restart(void)
{
    const char *const arguments[] = {"postgres",
                                     "-D",
                                     "data",
                                     "-k",
                                     folder,
                                     "-c",
                                     "listen_addresses=",
                                     "-c",
                                     "max_connections=30",
                                     "-c",
                                     "shared_buffers=16MB",
                                     "-c",
                                     "autovacuum=off",
                                     NULL};

    /* Those whom a killed one leaves behind keep its memory until they notice; a new one
     * does not start before. */
    for (int i = 0; i < 20; i++) {
        server = run("postgres", arguments);
        if (wait_until_up())
            return true;
        if (server > 0)
            return false;
        (void)nanosleep(&(struct timespec){0, 250000000}, NULL);
    }
    return false;
}

const char *postgres_server_start(void)
{
    const char *const arguments[] = {
        "initdb",    "-D",         "data", "-A",       "trust", "-U", "troth",
        "--no-sync", "--encoding", "UTF8", "--locale", "C",     NULL};

    if (is_there)
        return NULL;
    if (!find_programs())
        return "PostgreSQL's server is not installed";
    if (!find_owner())
        return "nobody whom PostgreSQL's server could be run as";
    if (!mkdtemp(folder) || (getuid() == 0 && chown(folder, owner, group) != 0))
        return "no temporary folder";
    is_there = true;
    (void)snprintf(conninfo, sizeof conninfo, "host=%s user=troth dbname=postgres",
                   folder);
    if (!run_to_end("initdb", arguments))
        return "PostgreSQL's initdb failed";
    return postgres_server_restart() ? NULL : "PostgreSQL's server does not start";
}

const char *postgres_server_conninfo(void)
{
    return conninfo;
}

/* Its own processes end by themselves once their first one is gone. */
void postgres_server_kill(void)
{
    if (server > 0) {
        (void)kill(-server, SIGKILL);
        (void)kill(server, SIGKILL);
        (void)waitpid(server, NULL, 0);
    }
    server = -1;
}

void postgres_server_freeze(void)
{
    if (server > 0)
        (void)kill(-server, SIGSTOP);
}

void postgres_server_thaw(void)
{
    if (server > 0)
        (void)kill(-server, SIGCONT);
}

bool postgres_server_do(const char *statements)
{
    char text[2048];
    const char *const arguments[] = {"psql",     "-X",   "-q", "-v",    "ON_ERROR_STOP=1",
                                     "-h",       folder, "-U", "troth", "-d",
                                     "postgres", "-c",   text, NULL};

    (void)snprintf(text, sizeof text, "%s", statements);
    return run_to_end("psql", arguments);
}

void postgres_server_stop(void)
{
    char command[64];

    if (server > 0) {
        (void)kill(server, SIGINT);
        (void)waitpid(server, NULL, 0);
    }
    server = -1;
    (void)snprintf(command, sizeof command, "rm -r '%s'", folder);
    if (is_there && system(command) != 0) /* NOLINT: a folder of this test's */
        (void)fprintf(stderr, "%s stays\n", folder);
    is_there = false;
}

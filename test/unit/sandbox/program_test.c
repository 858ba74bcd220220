/* SPDX-License-Identifier: Apache-2.0 */
/* What a program finds when it is one. */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "test/harness.h"
#include "test/unit/sandbox/world.h"

/* What a shell in it says. */
static const struct {
    const char *why, *script;
    int status;
    const char *out;
} rows[] = {
    {"a status", "exit 7", 7, ""},
    {"a signal", "kill -9 $$", 128 + 9, ""},
    {"who it is", "id -u; id -g; id -G", 0, "60601\n60601\n60601\n"},
    {"where it is", "pwd", 0, "/\n"},
    {"all of the environment", "env | grep -v '^\\(PWD\\|_\\|SHLVL\\|OLDPWD\\)=' | sort",
     0, "HOME=/tmp\nLANG=C.UTF-8\nPATH=/usr/local/sbin:/usr/sbin:/usr/bin:/bin\n"},
    {"a /tmp of its own, every time",
     "ls -A /tmp | grep -v troth-sandbox; echo x > /tmp/x", 0, ""},
    {"as much as a /tmp holds", "echo $(($(stat -f -c '%b * %S' /tmp)))", 0,
     "268435456\n"},
    {"again", "ls -A /tmp | grep -v troth-sandbox; echo x > /tmp/x", 0, ""},
    {"what there is of devices", "ls /dev", 0,
     "fd\nfull\nnull\nrandom\nshm\nstderr\nstdin\nstdout\nurandom\nzero\n"},
    {"standard output by its name", "echo x > /dev/stdout", 0, "x\n"},
    {"but not what others wrote there",
     "(: < /dev/stdout) 2> /dev/null && echo read; :", 0, ""},
    {"a session of its own",
     "read -r x < /proc/$$/stat; set -- $x; [ $6 = $$ ] && echo yes", 0, "yes\n"},
    {"nothing is blocked, ignored or handled",
     "grep -h '^Sig[BI]' /proc/self/status | sort -u -k2 | wc -l", 0, "1\n"},
    {"no privileges", "grep -c '^Cap.*0000000000000000$' /proc/self/status", 0, "5\n"},
    {"none to be gained", "grep '^NoNewPrivs' /proc/self/status", 0, "NoNewPrivs:\t1\n"},
    {"filters", "grep '^Seccomp:' /proc/self/status", 0, "Seccomp:\t2\n"},
    {"no core dumps", "ulimit -c", 0, "0\n"},
    {"a mask for files", "umask", 0, "0022\n"},
    {"its own processes only", "set -- /proc/[0-9]*; echo $#", 0, "1\n"},
    {"who has lost a parent is waited for",
     "(sh -c 'exit 0' & sh -c 'exit 0' &); sleep 0.2; cat /proc/[0-9]*/stat | grep -c ' "
     "Z '",
     1, "0\n"},
    {"what it leaves behind ends with it", "sleep 1000 & exit 4", 4, ""},
    {"loopback, and a low port",
     "python3 -c 'import socket as s\n"
     "l = s.create_server((\"127.0.0.1\", 80)); c = s.create_connection((\"127.0.0.1\", "
     "80))\n"
     "l6 = s.create_server((\"::1\", 81), family=s.AF_INET6)\n"
     "print(c.getpeername()[1])'",
     0, "80\n"},
    {"routes are told", "python3 -c 'import socket as s; print(s.if_nameindex()[0][1])'",
     0, "lo\n"},
    {"threads and pools of processes",
     "python3 -c 'import multiprocessing.pool as p\n"
     "print(p.ThreadPool(3).map(abs, [-1]), p.Pool(2).map(abs, [-2]))'",
     0, "[1] [2]\n"},
};

static void run_shells(const struct world *world)
{
    char out[4096];

    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *words[] = {"sh", "-c", rows[i].script, NULL};

        test_case("%s", rows[i].why);
        if (strncmp(rows[i].script, "python3", 7) == 0 &&
            access("/usr/bin/python3", X_OK) != 0) {
            test_skip("no python");
            continue;
        }
        CHECK_INT(world_run(world, words, out, sizeof out), rows[i].status);
        if (rows[i].out)
            CHECK_TEXT(out, rows[i].out);
    }
}

/* A program that is there twice on the way: the first that can be executed is it. */
static void search(struct world *world)
{
    static const char *const environment[] = {"PATH=/proc/nowhere:/etc:/usr/bin:/bin",
                                              NULL};
    static const char *const words[] = {"true", NULL};
    static const char *const bare[] = {NULL};
    char out[64];

    test_case("searched for where the environment says");
    world->sandbox.environment = environment;
    CHECK_INT(world_run(world, words, out, sizeof out), 0);
    test_case("or where systems have programs");
    world->sandbox.environment = bare;
    CHECK_INT(world_run(world, words, out, sizeof out), 0);
}

int main(void)
{
    const char *obstacle = world_obstacle();
    struct world world;

    test_case("a program in a sandbox");
    if (obstacle) {
        test_skip("%s", obstacle);
        return test_finish();
    }
    world_open(&world);
    run_shells(&world);
    search(&world);
    world_close(&world);
    return test_finish();
}

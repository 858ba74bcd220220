/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench/channel_child.h"

/* Both take TLS 1.3 with one cipher suite and no tickets, as the others here, and no more
 * than one thread for a connection. */
static const char haproxy_settings[] = "global\n"
                                       "    maxconn 4000\n"
                                       "    nbthread 1\n"
                                       "defaults\n"
                                       "    mode tcp\n"
                                       "    timeout connect 10s\n"
                                       "    timeout client 1h\n"
                                       "    timeout server 1h\n"
                                       "frontend front\n"
                                       "    bind 127.0.0.1:%u ssl crt %s/server.pem "
                                       "ssl-min-ver TLSv1.3 no-tls-tickets "
                                       "ciphersuites TLS_AES_128_GCM_SHA256\n"
                                       "    default_backend back\n"
                                       "backend back\n"
                                       "    server one 127.0.0.1:%u\n";

static const char stunnel_settings[] = "foreground = yes\n"
                                       "debug = 3\n"
                                       "pid =\n"
                                       "socket = l:TCP_NODELAY=1\n"
                                       "socket = r:TCP_NODELAY=1\n"
                                       "[front]\n"
                                       "accept = 127.0.0.1:%u\n"
                                       "cert = %s/server.pem\n"
                                       "sslVersion = TLSv1.3\n"
                                       "ciphersuites = TLS_AES_128_GCM_SHA256\n"
                                       "options = NO_TICKET\n"
                                       "connect = 127.0.0.1:%u\n";

/* Where the system's administrators have their programs, too. */
static char *find_program(const char *name)
{
    static const char *const folders[] = {"/usr/sbin", "/usr/bin", "/usr/local/sbin",
                                          "/usr/local/bin"};
    static char path[128];

    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", folders[i], name);
        if (access(path, X_OK) == 0)
            return path;
    }
    return NULL;
}

static bool write_settings(char path[static 128], const char *folder, const char *name,
                           const char *settings, const uint16_t ports[static 2])
{
    FILE *file;

    (void)snprintf(path, 128, "%s/%s.conf", folder, name);
    file = fopen(path, "w");
    if (!file)
        return false;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    (void)fprintf(file, settings, ports[0], folder, ports[1]);
#pragma GCC diagnostic pop
    return fclose(file) == 0;
}

static void run(struct bench_child *out, char *const words[])
{
    pid_t parent = getpid();

    (void)fflush(NULL);
    out->pid = fork();
    if (out->pid != 0)
        return;

    int nowhere = open("/dev/null", O_RDWR);

    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() == parent && nowhere >= 0 && dup2(nowhere, 0) >= 0 &&
        dup2(nowhere, 1) >= 0 && dup2(nowhere, 2) >= 0)
        (void)execv(words[0], words);
    _exit(127);
}

/* Until it listens. */
static bool comes_up(const struct bench_child *child)
{
    static const struct timespec nap = {0, 20000000};

    for (int i = 0; i < 250; i++) {
        int descriptor = bench_connect(child->port);

        if (descriptor >= 0) {
            (void)close(descriptor);
            return true;
        }
        if (waitpid(child->pid, NULL, WNOHANG) != 0)
            return false;
        (void)nanosleep(&nap, NULL);
    }
    return false;
}

static void start(struct bench_child *out, const char *folder, uint16_t port,
                  const char *settings)
{
    char *program = find_program(out->name);
    char path[128], in_front[] = "-db", from_file[] = "-f";
    uint16_t ports[2] = {0, port};

    out->kind = BENCH_TLS;
    if (!program) {
        out->lacks = "it is not installed";
        return;
    }
    (void)close(bench_listen(&ports[0]));
    out->port = ports[0];
    if (!write_settings(path, folder, out->name, settings, ports)) {
        out->lacks = "its settings cannot be written";
        return;
    }

    char *stunnel[] = {program, path, NULL};
    char *haproxy[] = {program, in_front, from_file, path, NULL};

    run(out, strcmp(out->name, "haproxy") == 0 ? haproxy : stunnel);
    if (comes_up(out))
        return;
    bench_child_end(out);
    out->lacks = "it does not start";
}

void bench_child_haproxy(struct bench_child *out, const char *folder, uint16_t port)
{
    *out = (struct bench_child){.name = "haproxy"};
    start(out, folder, port, haproxy_settings);
}

void bench_child_stunnel(struct bench_child *out, const char *folder, uint16_t port)
{
    *out = (struct bench_child){.name = "stunnel"};
    start(out, folder, port, stunnel_settings);
}

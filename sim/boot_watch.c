/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/boot_watch.h"

#include <openssl/ssl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "sim/bytes.h"
#include "troth/channel_frame.h"

#define ENDED "troth-init: the program ended with status "

enum { LINE = 1024, TRY_MS = 1000, PAUSE_MS = 200 };

/* ---- the console ---- */

static const char *const passed_on[] = {"troth-init: error: ", "troth-sim: error: "};

static void take_line(struct sim_boot_watch *watch, const char *line)
{
    bool is_shown = watch->is_verbose;

    if (strncmp(line, ENDED, sizeof ENDED - 1) == 0)
        watch->status = (int)strtol(line + sizeof ENDED - 1, NULL, 10);
    for (size_t i = 0; i < sizeof passed_on / sizeof *passed_on; i++)
        is_shown = is_shown || strncmp(line, passed_on[i], strlen(passed_on[i])) == 0;
    if (is_shown)
        (void)fprintf(stderr, "%s\n", line);
}

static void *read_console(void *given)
{
    struct sim_boot_watch *watch = given;
    char *line = NULL;
    size_t room = 0;
    FILE *console = fdopen(watch->console, "re");

    while (console && getline(&line, &room, console) > 0) {
        line[strcspn(line, "\r\n")] = 0;
        take_line(watch, line);
    }
    free(line);
    return NULL;
}

/* ---- the address ---- */

static bool is_connected(int client)
{
    struct pollfd done = {.fd = client, .events = POLLOUT};
    int error = 0;
    socklen_t len = sizeof error;

    return client >= 0 && poll(&done, 1, TRY_MS) == 1 &&
           getsockopt(client, SOL_SOCKET, SO_ERROR, &error, &len) == 0 && !error;
}

/* QEMU itself takes the connection long before there is anybody behind it. */
static bool shakes_hands(SSL *tls, int client)
{
    int result = 0;

    if (SSL_set_fd(tls, client) != 1)
        return false;
    for (int waited = 0; waited < TRY_MS;) {
        struct pollfd turn = {.fd = client, .events = POLLIN};

        result = SSL_connect(tls);
        if (result == 1)
            return true;
        if (SSL_get_error(tls, result) != SSL_ERROR_WANT_READ)
            return false;
        if (poll(&turn, 1, PAUSE_MS) == 0)
            waited += PAUSE_MS;
    }
    return false;
}

static bool answers(SSL_CTX *context, const struct troth_address *address)
{
    static const unsigned char protocols[] = "\x07" TROTH_CHANNEL_ALPN;
    SSL *tls = SSL_new(context);
    const int client = troth_address_connect(address);
    const bool is_there = tls &&
                          SSL_set_alpn_protos(tls, protocols, sizeof protocols - 1) ==
                              0 &&
                          is_connected(client) && shakes_hands(tls, client);

    SSL_free(tls);
    if (client >= 0)
        (void)close(client);
    return is_there;
}

static void *await_answer(void *given)
{
    const struct sim_boot_watch *watch = given;
    const struct timespec pause = {0, (long)PAUSE_MS * 1000000};
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());

    if (!context)
        sim_die("out of memory");
    while (!answers(context, &watch->address))
        (void)nanosleep(&pause, NULL);
    (void)printf("ready: %s\n", watch->listen);
    (void)fflush(stdout);
    SSL_CTX_free(context);
    return NULL;
}

void sim_boot_watch_start(struct sim_boot_watch *watch)
{
    pthread_t prober;

    watch->status = -1;
    if (pthread_create(&watch->reader, NULL, read_console, watch) != 0 ||
        pthread_create(&prober, NULL, await_answer, watch) != 0 ||
        pthread_detach(prober) != 0)
        sim_die("no thread");
}

void sim_boot_watch_finish(struct sim_boot_watch *watch)
{
    (void)pthread_join(watch->reader, NULL);
}

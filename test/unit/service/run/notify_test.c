/* SPDX-License-Identifier: Apache-2.0 */
#include "service/run/notify.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"

/* A manager's socket by this name, which may be abstract. */
static int listen_at(const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const int made = socket(AF_UNIX, SOCK_DGRAM, 0);

    memcpy(address.sun_path, name, strlen(name));
    if (*name == '@')
        address.sun_path[0] = '\0';
    CHECK_INT(bind(made, (struct sockaddr *)&address,
                   (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name))),
              0);
    return made;
}

static void hears(const char *name)
{
    struct troth_run_notify notify;
    char text[64] = "";
    const int manager = listen_at(name);

    troth_run_notify_open(&notify, name, NULL, NULL);
    CHECK_INT(notify.watchdog_ms, 0);
    troth_run_notify_say(&notify, "READY=1\nSTATUS=x");
    CHECK_INT(recv(manager, text, sizeof text - 1, MSG_DONTWAIT), 16);
    CHECK_TEXT(text, "READY=1\nSTATUS=x");
    (void)close(manager);
    troth_run_notify_say(&notify, "nobody is there");
    troth_run_notify_close(&notify);
    CHECK_INT(notify.descriptor, -1);
}

static void names(void)
{
    char path[64], abstract[64];

    (void)snprintf(path, sizeof path, "/tmp/notify-%d", (int)getpid());
    (void)snprintf(abstract, sizeof abstract, "@notify-%d", (int)getpid());
    test_case("by a path");
    hears(path);
    (void)unlink(path);
    test_case("by an abstract name");
    hears(abstract);
}

static void nobody(void)
{
    static const char *const wrong[] = {NULL, "", "/", "relative", "vsock:2:1"};
    struct troth_run_notify notify;
    char long_name[200];

    test_case("no manager, or none that can be told");
    for (size_t i = 0; i < COUNT(wrong); i++) {
        troth_run_notify_open(&notify, wrong[i], "1000000", NULL);
        CHECK_INT(notify.descriptor, -1);
        CHECK_INT(notify.watchdog_ms, 0);
        troth_run_notify_say(&notify, "READY=1");
        troth_run_notify_close(&notify);
    }
    memset(long_name, 'a', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    long_name[0] = '/';
    troth_run_notify_open(&notify, long_name, NULL, NULL);
    CHECK_INT(notify.descriptor, -1);
}

static void watchdog(void)
{
    char self[16], other[16];
    const struct {
        const char *watchdog, *process;
        int64_t every_ms;
    } rows[] = {
        {NULL, NULL, 0},
        {"", NULL, 0},
        {"0", NULL, 0},
        {"x", NULL, 0},
        {"-5", NULL, 0},
        {"3000000", NULL, 1500},
        {"1", NULL, 1},
        {"3000000", self, 1500},
        {"3000000", other, 0},
        {"3000000", "me", 0},
        {"99999999999999999999", NULL, 0},
    };
    struct troth_run_notify notify;

    (void)snprintf(self, sizeof self, "%d", (int)getpid());
    (void)snprintf(other, sizeof other, "%d", (int)getpid() + 1);
    test_case("how often a sign of life is wanted");
    for (size_t i = 0; i < COUNT(rows); i++) {
        troth_run_notify_open(&notify, "@whoever", rows[i].watchdog, rows[i].process);
        CHECK_INT(notify.watchdog_ms, rows[i].every_ms);
        troth_run_notify_close(&notify);
    }
}

int main(void)
{
    names();
    nobody();
    watchdog();
    return test_finish();
}

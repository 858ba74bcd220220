/* SPDX-License-Identifier: Apache-2.0 */
#include "service/outbound/lookup.h"

#include <event2/event.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "test/harness.h"

enum { THREADS = 3, MANY = 200 };

/* A resolver that answers only while the gate is open. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool is_open;
static unsigned inside, most_inside, calls;

static void set_gate(bool open)
{
    (void)pthread_mutex_lock(&lock);
    is_open = open;
    (void)pthread_cond_broadcast(&changed);
    (void)pthread_mutex_unlock(&lock);
}

static void wait_until_inside(unsigned count)
{
    (void)pthread_mutex_lock(&lock);
    while (inside < count)
        (void)pthread_cond_wait(&changed, &lock);
    (void)pthread_mutex_unlock(&lock);
}

static void resolve(struct troth_addresses *out, const char *name, uint16_t port)
{
    (void)pthread_mutex_lock(&lock);
    calls++;
    inside++;
    if (inside > most_inside)
        most_inside = inside;
    (void)pthread_cond_broadcast(&changed);
    while (!is_open)
        (void)pthread_cond_wait(&changed, &lock);
    inside--;
    (void)pthread_mutex_unlock(&lock);
    /* One byte of the answer says which name it is for. */
    *out = (struct troth_addresses){.count = 1, .why = NULL};
    memcpy(&out->list[0].socket, name, strlen(name) + 1);
    out->list[0].len = port;
}

struct asking {
    char name[40];
    unsigned answers;
};

static struct asking askings[MANY];
static unsigned answered;

static void on_found(void *state, const struct troth_addresses *found)
{
    struct asking *asking = state;

    asking->answers++;
    answered++;
    CHECK_INT(found->count, 1);
    CHECK_INT(found->list[0].len, 443);
    CHECK_TEXT((const char *)&found->list[0].socket, asking->name);
}

static struct troth_lookup *ask(struct troth_lookups *lookups, unsigned i)
{
    struct troth_host_name name;

    askings[i].answers = 0;
    (void)snprintf(askings[i].name, sizeof askings[i].name, "n%u.test", i);
    CHECK_INT(troth_host_name_parse(&name, test_text(askings[i].name)), TROTH_NAME_HOST);
    return troth_lookup_begin(lookups, &name, 443, on_found, &askings[i]);
}

static void turn(struct event_base *base, unsigned until)
{
    while (answered < until)
        if (!CHECK_INT(event_base_loop(base, EVLOOP_ONCE), 0))
            return;
}

static void many(struct event_base *base)
{
    struct troth_lookups *lookups;

    test_case("each is answered once, with its own, and so many are under way at once");
    CHECK_INT(troth_lookups_create(&lookups, base, THREADS, resolve), 0);
    set_gate(false);
    answered = 0;
    for (unsigned i = 0; i < MANY; i++)
        CHECK(ask(lookups, i));
    wait_until_inside(THREADS);
    CHECK_INT(answered, 0);
    set_gate(true);
    turn(base, MANY);
    for (unsigned i = 0; i < MANY; i++)
        CHECK_INT(askings[i].answers, 1);
    CHECK_INT(most_inside, THREADS);
    CHECK(troth_lookups_destroy(lookups));
}

static void forget(struct event_base *base)
{
    struct troth_lookup *all[10];
    struct troth_lookups *lookups;

    test_case("what is forgotten is not answered, and what waits in line not even asked");
    CHECK_INT(troth_lookups_create(&lookups, base, THREADS, resolve), 0);
    set_gate(false);
    answered = calls = 0;
    for (unsigned i = 0; i < 10; i++)
        all[i] = ask(lookups, i);
    wait_until_inside(THREADS);
    /* One under way; the first, one in the middle and the last of the line. */
    troth_lookup_forget(all[0]);
    troth_lookup_forget(all[3]);
    troth_lookup_forget(all[6]);
    troth_lookup_forget(all[9]);
    set_gate(true);
    turn(base, 6);
    for (unsigned i = 0; i < 10; i++)
        CHECK_INT(askings[i].answers, i % 3 != 0);
    CHECK_INT(calls, 7);
    CHECK(troth_lookups_destroy(lookups));
}

static void end_early(struct event_base *base)
{
    struct troth_lookups *lookups;

    test_case("ended with answers that nobody took and names that nobody asked for");
    CHECK_INT(troth_lookups_create(&lookups, base, 1, resolve), 0);
    set_gate(false);
    CHECK(ask(lookups, 0));
    CHECK(ask(lookups, 1));
    wait_until_inside(1);
    CHECK(!troth_lookups_destroy(lookups));
    set_gate(true);
    while (!troth_lookups_destroy(lookups))
        continue;
    CHECK(troth_lookups_destroy(NULL));
}

int main(void)
{
    struct event_base *base = event_base_new();

    many(base);
    forget(base);
    end_early(base);
    event_base_free(base);
    return test_finish();
}

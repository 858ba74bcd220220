/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <event2/event.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/span.h"
#include "codec/json.h"
#include "service/log/serving.h"

/* One entry, from its request to its answer. */
struct pending {
    struct pending *next;
    struct troth_log_inbox *inbox;
    struct troth_web_call *call; /* NULL: nobody waits any more */
    uint64_t index;
    struct troth_log_problem problem;
};

struct troth_log_inbox {
    struct troth_log_writer *writer; /* NULL: it takes no more */
    struct event *bell;              /* rings in the loop when something is done */
    int descriptor;                  /* of the bell */
    struct pending *idle;            /* the loop's: to be used again */
    pthread_mutex_t lock;
    struct pending *first, *last; /* done, in order: the writer's thread puts them here */
    size_t under_way;             /* given to the writer, and not back yet */
    bool is_closed;               /* who has the last one back frees all this */
    /* Of one request, while it is being read. */
    uint8_t entry[TROTH_LOG_ENTRY_MAX];
    uint8_t sealed[TROTH_LOG_SEALED_MAX];
    uint8_t memory[TROTH_LOG_APPEND_MAX];
};

/* ---- answers ---- */

static const struct {
    int failed;
    unsigned status;
    const char *text; /* NULL: the writer's own words */
} statuses[] = {
    {EAGAIN, 503, "too many entries are waiting: come back later"},
    {ESHUTDOWN, 503, "this log is being closed"},
    {ESTALE, 503, NULL},
    {ENOSPC, 507, NULL},
    {EDQUOT, 507, NULL},
    {EFBIG, 413, "an entry has at most 65535 bytes, and sealed values 262144"},
    {ENOMEM, 503, "no memory: come back later"},
};

/* One line, whatever names of files are in it. */
static void write_why(struct troth_writer *w, const char *text)
{
    for (; *text; text++)
        troth_write_u8(w, (uint8_t)*text < ' ' ? '?' : (uint8_t)*text);
    troth_write_text(w, "\n");
}

static void answer_problem(struct troth_web_call *call, int failed, const char *why)
{
    uint8_t text[2 * TROTH_LOG_PROBLEM_ROOM];
    struct troth_writer w = troth_writer_over(text, sizeof text);
    unsigned status = 500;

    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
        if (statuses[i].failed == failed) {
            status = statuses[i].status;
            why = statuses[i].text ? statuses[i].text : why;
        }
    write_why(&w, why[0] ? why : "the entry cannot be kept");
    troth_web_answer(call, &(struct troth_web_answer){
                               .status = status,
                               .content_type = "text/plain; charset=utf-8",
                               .headers = status == 503 ? "cache-control: no-store\r\n"
                                                          "retry-after: 1\r\n"
                                                        : "cache-control: no-store\r\n",
                               .body = troth_writer_span(&w)});
}

/* What the disk has no room for: not what is too large by itself. */
static void answer_failure(struct troth_web_call *call,
                           const struct troth_log_problem *problem)
{
    answer_problem(call, problem->failed == EFBIG ? ENOSPC : problem->failed,
                   problem->text);
}

static void answer_index(struct troth_web_call *call, uint64_t index)
{
    uint8_t text[48];
    struct troth_writer w = troth_writer_over(text, sizeof text);

    troth_write_text(&w, "{\"index\":");
    troth_write_decimal(&w, index);
    troth_write_text(&w, "}\n");
    troth_web_answer(call,
                     &(struct troth_web_answer){.status = 200,
                                                .content_type = "application/json",
                                                .headers = "cache-control: no-store\r\n",
                                                .body = troth_writer_span(&w)});
}

/* ---- in the writer's thread ---- */

static void free_all(struct pending *pending)
{
    while (pending) {
        struct pending *next = pending->next;

        free(pending);
        pending = next;
    }
}

static void free_inbox(struct troth_log_inbox *inbox)
{
    free_all(inbox->first);
    free_all(inbox->idle);
    if (inbox->descriptor >= 0)
        (void)close(inbox->descriptor);
    (void)pthread_mutex_destroy(&inbox->lock);
    free(inbox);
}

static void ring(const struct troth_log_inbox *inbox)
{
    const uint64_t one = 1;

    /* Should it be full, it rings already. */
    if (write(inbox->descriptor, &one, sizeof one) < 0)
        return;
}

/* Many that are done at once ring once. */
static void on_done(void *state, uint64_t index, const struct troth_log_problem *problem)
{
    struct pending *pending = state;
    struct troth_log_inbox *inbox = pending->inbox;
    bool is_first, is_last;

    pending->index = index;
    pending->next = NULL;
    pending->problem.failed = 0;
    if (problem && problem->failed)
        pending->problem = *problem;
    (void)pthread_mutex_lock(&inbox->lock);
    is_first = !inbox->first;
    if (is_first)
        inbox->first = pending;
    else
        inbox->last->next = pending;
    inbox->last = pending;
    inbox->under_way--;
    is_last = inbox->is_closed && !inbox->under_way;
    if (is_first && !inbox->is_closed)
        ring(inbox);
    (void)pthread_mutex_unlock(&inbox->lock);
    if (is_last)
        free_inbox(inbox);
}

/* ---- in the loop ---- */

static struct pending *take_done(struct troth_log_inbox *inbox)
{
    struct pending *first;

    (void)pthread_mutex_lock(&inbox->lock);
    first = inbox->first;
    inbox->first = inbox->last = NULL;
    (void)pthread_mutex_unlock(&inbox->lock);
    return first;
}

static void give_back(struct pending *pending)
{
    pending->next = pending->inbox->idle;
    pending->inbox->idle = pending;
}

static void on_bell(int descriptor, short what, void *given)
{
    struct troth_log_inbox *inbox = given;
    struct pending *pending;
    uint64_t count;

    (void)what;
    if (read(descriptor, &count, sizeof count) < 0)
        return;
    pending = take_done(inbox);
    while (pending) {
        struct pending *next = pending->next;

        if (pending->call && pending->problem.failed)
            answer_failure(pending->call, &pending->problem);
        else if (pending->call)
            answer_index(pending->call, pending->index);
        give_back(pending);
        pending = next;
    }
}

static void on_forget(void *waiting)
{
    ((struct pending *)waiting)->call = NULL;
}

static struct pending *take_idle(struct troth_log_inbox *inbox)
{
    struct pending *pending = inbox->idle;

    if (!pending)
        return calloc(1, sizeof *pending);
    inbox->idle = pending->next;
    return pending;
}

static void count_under_way(struct troth_log_inbox *inbox, bool one_more)
{
    (void)pthread_mutex_lock(&inbox->lock);
    if (one_more)
        inbox->under_way++;
    else
        inbox->under_way--;
    (void)pthread_mutex_unlock(&inbox->lock);
}

static void submit(struct troth_log_inbox *inbox, struct troth_web_call *call,
                   const struct troth_log_item *item)
{
    struct pending *pending = take_idle(inbox);
    int failed = pending ? 0 : ENOMEM;

    if (pending) {
        pending->inbox = inbox;
        pending->call = call;
        troth_web_wait(call, pending, on_forget);
        count_under_way(inbox, true);
        failed = troth_log_submit(inbox->writer, item, on_done, pending);
    }
    if (!failed)
        return;
    if (pending) {
        count_under_way(inbox, false);
        give_back(pending);
    }
    answer_problem(call, failed, "");
}

/* ---- reading a body ---- */

static enum troth_err decode(struct troth_span *out, uint8_t *room, size_t size,
                             struct troth_arena *arena, struct troth_span raw)
{
    struct troth_span text;
    size_t len = 0;
    enum troth_err err = troth_json_unescape(&text, arena, raw);

    if (!err)
        err = troth_base64_parse(room, size, &len, text, TROTH_BASE64);
    *out = (struct troth_span){room, len};
    return err;
}

static enum troth_err read_json(struct troth_log_item *out, struct troth_fault *fault,
                                struct troth_log_inbox *inbox, struct troth_span body)
{
    struct troth_arena arena = TROTH_ARENA_OVER(inbox->memory);
    struct troth_span key, entry = {NULL, 0}, sealed = {NULL, 0};
    struct troth_json json;
    bool has_entry = false;
    enum troth_err err;

    troth_json_init(&json, body);
    troth_json_enter_object(&json, "body");
    while (troth_json_member(&json, &key, "body")) {
        const bool is_entry = troth_json_text_is(key, "entry");

        troth_json_expect(&json, is_entry || troth_json_text_is(key, "sealed"),
                          TROTH_ERR_UNSUPPORTED, "body");
        *(is_entry ? &entry : &sealed) = troth_json_string(&json, "body");
        has_entry = has_entry || is_entry;
    }
    troth_json_leave(&json, "body");
    troth_json_expect(&json, has_entry, TROTH_ERR_MISSING, "entry");
    err = troth_json_finish(&json, fault);
    if (err)
        return err;
    fault->field = "entry";
    err = decode(&out->entry, inbox->entry, sizeof inbox->entry, &arena, entry);
    if (err)
        return err;
    fault->field = "sealed";
    return decode(&out->sealed, inbox->sealed, sizeof inbox->sealed, &arena, sealed);
}

static void refuse_body(struct troth_web_call *call, const char *field,
                        enum troth_err err)
{
    char text[256];
    struct troth_writer w = troth_writer_over((uint8_t *)text, sizeof text - 1);

    troth_write_text(&w, field);
    troth_write_text(&w, ": ");
    troth_write_text(&w, troth_err_text(err));
    text[w.len] = '\0';
    troth_web_refuse(call, 400, text);
}

static void take(struct troth_log_inbox *inbox, const struct troth_log_asked *asked)
{
    struct troth_log_item item = {.entry = asked->body};
    struct troth_fault fault = {.field = NULL};
    enum troth_err err = TROTH_OK;

    if (asked->request->is_json)
        err = read_json(&item, &fault, inbox, asked->body);
    if (err == TROTH_ERR_LIMIT || item.entry.len > TROTH_LOG_ENTRY_MAX)
        answer_problem(asked->call, EFBIG, "");
    else if (err)
        refuse_body(asked->call, fault.field, err);
    else if (!item.entry.len)
        troth_web_refuse(asked->call, 400, "an entry is not empty");
    else
        submit(inbox, asked->call, &item);
}

void troth_log_serve_append(const struct troth_log_asked *asked)
{
    struct troth_log_inbox *inbox = asked->serve->inbox;

    if (asked->request->is_a_pages)
        troth_web_refuse(asked->call, 403,
                         "no page that a browser shows puts entries in");
    else if (!inbox)
        troth_web_refuse(asked->call, 403, "this server only reads the log");
    else if (!inbox->writer)
        answer_problem(asked->call, ESHUTDOWN, "");
    else
        take(inbox, asked);
}

/* ---- its life ---- */

enum troth_err troth_log_inbox_open(struct troth_log_inbox **out, struct event_base *base,
                                    struct troth_log_writer *writer)
{
    struct troth_log_inbox *inbox = calloc(1, sizeof *inbox);

    *out = NULL;
    if (!inbox)
        return TROTH_ERR_MEMORY;
    inbox->writer = writer;
    (void)pthread_mutex_init(&inbox->lock, NULL); /* does not fail on Linux */
    inbox->descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (inbox->descriptor >= 0)
        inbox->bell = event_new(base, inbox->descriptor, EV_READ | EV_PERSIST, on_bell,
                                inbox);
    if (!inbox->bell || event_add(inbox->bell, NULL) != 0) {
        troth_log_inbox_close(inbox);
        return TROTH_ERR_MEMORY;
    }
    *out = inbox;
    return TROTH_OK;
}

void troth_log_inbox_end(struct troth_log_inbox *inbox)
{
    if (inbox)
        inbox->writer = NULL;
}

void troth_log_inbox_close(struct troth_log_inbox *inbox)
{
    bool is_last;

    if (!inbox)
        return;
    if (inbox->bell)
        event_free(inbox->bell);
    (void)pthread_mutex_lock(&inbox->lock);
    inbox->is_closed = true;
    is_last = !inbox->under_way;
    (void)pthread_mutex_unlock(&inbox->lock);
    if (is_last)
        free_inbox(inbox);
}

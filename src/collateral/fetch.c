/* SPDX-License-Identifier: Apache-2.0 */
#include "collateral/fetch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collateral/check.h"
#include "net/pace.h"
#include "os/lock.h"

/* A request that is under way. */
struct asking {
    struct troth_fetcher *fetcher;
    const struct troth_need *need;
    enum troth_update update;
    char url[TROTH_URL_ROOM], host[TROTH_HOST_ROOM];
    char *why;
    struct troth_http_answer answer;
};

static enum troth_fetch_result fail(struct asking *a, const char *clause)
{
    (void)snprintf(a->why, TROTH_FETCH_WHY_ROOM, "%s%s%s", a->host, *a->host ? ": " : "",
                   clause);
    return TROTH_FETCH_UNAVAILABLE;
}

static const struct {
    long from, to;
    const char *says;
} statuses[] = {
    {300, 399, "sends elsewhere, and is not followed"},
    {401, 401, "wants a key or a password"},
    {403, 403, "does not allow it"},
    {404, 404, "has nothing of the kind"},
    {408, 408, "took too long"},
    {429, 429, "wants to be asked less often"},
    {400, 499, "does not understand what is asked"},
    {500, 599, "is out of order"},
};

static enum troth_fetch_result fail_status(struct asking *a)
{
    const char *says = "answers with no status there is";
    char text[160], later[64] = "";

    for (size_t i = sizeof statuses / sizeof statuses[0]; i-- > 0;)
        if (a->answer.status >= statuses[i].from && a->answer.status <= statuses[i].to)
            says = statuses[i].says;
    if (a->answer.retry_after_s > 0)
        (void)snprintf(later, sizeof later, "; come back in %lld s",
                       (long long)a->answer.retry_after_s);
    (void)snprintf(text, sizeof text, "the service %s (HTTP %ld%s)", says,
                   a->answer.status, later);
    return fail(a, text);
}

static const char *folder_of(const struct asking *a)
{
    return a->fetcher->kept ? a->fetcher->kept->store.folder : "";
}

/* The file by which processes take turns with a host. */
static void pace_path(char out[static TROTH_STORE_PATH_ROOM], const struct asking *a)
{
    int written = snprintf(out, TROTH_STORE_PATH_ROOM, "%s/.pace-%s", folder_of(a),
                           a->host);

    if (written < 0 || written >= TROTH_STORE_PATH_ROOM)
        out[0] = '\0';
}

/* Where a pace is to be kept, wait for one's turn. 0 or an errno. */
static int take_turn(int *out_turn, struct troth_pace *pace, struct asking *a)
{
    int lock, failed;

    *out_turn = -1;
    if (pace->interval_ms == 0)
        return 0;
    if (!a->fetcher->kept)
        return ENOENT;
    /* Taking the lock makes the folder that the file goes to. */
    failed = troth_store_lock(&lock, &a->fetcher->kept->store, a->fetcher->patience,
                              a->fetcher->turn_ms);
    troth_lock_release(lock);
    return failed ? failed : troth_pace_begin(out_turn, pace);
}

static enum troth_fetch_result ask_once(struct asking *a)
{
    char path[TROTH_STORE_PATH_ROOM], text[TROTH_HOST_ROOM + 16];
    struct troth_fetcher *f = a->fetcher;
    struct troth_pace pace = {path, a->host,
                              troth_services_interval_ms(f->services, a->need),
                              f->turn_ms, f->patience};
    int turn, failed;

    pace_path(path, a);
    failed = take_turn(&turn, &pace, a);
    if (failed == EBUSY)
        return fail(a, "other processes ask it all the time");
    if (failed) {
        (void)snprintf(text, sizeof text,
                       "cannot keep its pace of one request in %lld s: '%.120s' cannot "
                       "be written",
                       (long long)(pace.interval_ms / 1000), folder_of(a));
        return fail(a, text);
    }
    (void)snprintf(text, sizeof text, "asking %s", a->host);
    f->tell(f->state, text);
    troth_http_ask(&a->answer, f->http,
                   &(struct troth_http_question){.url = a->url,
                                                 .ca_file = f->ca_file,
                                                 .connect_timeout_ms = f->timeout_ms,
                                                 .timeout_ms = f->timeout_ms});
    troth_pace_end(turn, &pace);
    return TROTH_FETCH_DONE;
}

static enum troth_fetch_result ask(struct asking *a)
{
    const struct troth_patience *patience = a->fetcher->patience;
    char why[TROTH_HOST_ROOM + 32];
    int64_t wait_ms;

    (void)snprintf(why, sizeof why, "%s is asked again", a->host);
    for (unsigned asked = 1;; asked++) {
        if (ask_once(a) != TROTH_FETCH_DONE)
            return TROTH_FETCH_UNAVAILABLE;
        if (!troth_retry_again(&wait_ms, &a->fetcher->retry, asked, &a->answer))
            break;
        troth_http_release(&a->answer);
        patience->wait(patience->state, wait_ms, why);
    }
    if (a->answer.result != TROTH_HTTP_ANSWERED) {
        if (a->answer.result == TROTH_HTTP_UNREACHABLE ||
            a->answer.result == TROTH_HTTP_LATE)
            a->fetcher->unreachable |= 1U << a->need->service;
        return fail(a, a->answer.why);
    }
    return a->answer.status == 200 ? TROTH_FETCH_DONE : fail_status(a);
}

/* The facts of an answer are known once it was written and read like a kept one. */
static enum troth_fetch_result judge(struct troth_kept_entry *out, struct asking *a,
                                     const struct troth_collateral *beside)
{
    struct troth_entry_facts facts = {
        .need = *a->need,
        .source = a->url,
        .update = a->update,
        .fetched_s = a->fetcher->patience->now_ms(a->fetcher->patience->state) / 1000,
    };
    char room[TROTH_FETCH_WHY_ROOM];
    struct troth_file file;
    const char *why;

    if (!troth_entry_write(&file, &facts, &a->answer))
        return fail(a, "the answer cannot be kept");
    why = troth_check_answer(&facts, room, a->fetcher,
                             (struct troth_span){file.bytes, file.len}, beside);
    troth_file_release(&file);
    if (why) {
        (void)fail(a, why);
        return TROTH_FETCH_REFUSED;
    }
    if (!troth_entry_write(&file, &facts, &a->answer))
        return fail(a, "no memory");
    why = troth_entry_read(out, &file, NULL);
    return why ? fail(a, why) : TROTH_FETCH_DONE;
}

enum troth_fetch_result
troth_fetch(struct troth_kept_entry *out, char out_why[static TROTH_FETCH_WHY_ROOM],
            struct troth_fetcher *fetcher, const struct troth_need *need,
            enum troth_update update, const struct troth_collateral *beside)
{
    struct asking a = {
        .fetcher = fetcher, .need = need, .update = update, .why = out_why};
    enum troth_fetch_result result;

    *out = (struct troth_kept_entry){.texts = NULL};
    out_why[0] = '\0';
    if (!troth_services_url(a.url, fetcher->services, need, update) ||
        !troth_url_host(a.host, a.url))
        return fail(&a, "there is no address to ask");
    if (!fetcher->http)
        fetcher->http = troth_http_create();
    if (!fetcher->http)
        return fail(&a, "no memory");
    if (fetcher->unreachable & 1U << need->service)
        return fail(&a, "not asked, as it did not answer before");
    result = ask(&a);
    if (result == TROTH_FETCH_DONE)
        result = judge(out, &a, beside);
    troth_http_release(&a.answer);
    return result;
}

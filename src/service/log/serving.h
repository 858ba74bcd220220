/* serving.h - what the parts of a log's server share. For serve.c and its neighbours. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_LOG_SERVING_H
#define TROTH_SERVICE_LOG_SERVING_H

#include "base/writer.h"
#include "service/log/serve.h"
#include "tlog/note.h"

#define TROTH_LOG_ETAG_ROOM   40
#define TROTH_LOG_PAGE_ROOM   ((size_t)256 * 1024)
#define TROTH_LOG_POLICY_ROOM 192 /* the page's content-security-policy */

/* The checkpoint that is shown, as it was found last, and what can be said of it. */
struct troth_log_shown {
    uint8_t note[TROTH_NOTE_MAX];
    size_t len; /* 0: none is shown yet */
    char etag[TROTH_LOG_ETAG_ROOM];
    int64_t since_s; /* when it was put there */
    bool is_good;    /* the log's own; only then what follows is anything */
    struct troth_log_tree tree;
    int64_t seen_s[TROTH_WITNESSES_MAX]; /* when each of the config's cosigned; 0: not */
};

/* A door, and what it is to the requests that come in by it. */
struct troth_log_door {
    struct troth_log_serve *serve;
    bool is_inside;
    struct troth_web *web;
};

struct troth_log_inbox;

struct troth_log_serve {
    struct troth_log_serve_options options;
    struct troth_log_door outside, inside;
    int folder; /* public/ */
    struct troth_log_place place;
    struct troth_log_reader *reader;
    struct troth_log_inbox *inbox; /* NULL: read only */
    struct troth_log_shown shown;
    /* The page as it was in this second, of this checkpoint. */
    int64_t page_s;
    char page_etag[TROTH_LOG_ETAG_ROOM];
    size_t page_len;
    char page_policy[TROTH_LOG_POLICY_ROOM];
    uint8_t page[TROTH_LOG_PAGE_ROOM];
    /* Of one request, while it is being answered. */
    uint8_t memory[2 * TROTH_LOG_ENTRY_MAX + 1024];
    uint8_t text[TROTH_LOG_PROOF_MAX];
};

/* A request on its way to its answer. */
struct troth_log_asked {
    struct troth_log_serve *serve;
    struct troth_web_call *call;
    const struct troth_http_request *request;
    struct troth_span path; /* of its target */
    struct troth_span body;
    bool is_inside;
};

/* Look whether another checkpoint is shown by now: 0 or an errno; none yet is 0 too. */
TROTH_MUST_USE int troth_log_shown_renew(struct troth_log_serve *serve);

/* A public file, open to be read, and how long it is. ENOENT. Nothing but `name` as it
 * is here ever comes from a request. */
TROTH_MUST_USE int troth_log_public_open(int *out, size_t *out_len,
                                         const struct troth_log_serve *serve,
                                         const char *name);

/* What each path is answered by. */
void troth_log_serve_checkpoint(const struct troth_log_asked *asked);
void troth_log_serve_tile(const struct troth_log_asked *asked);
void troth_log_serve_page(const struct troth_log_asked *asked);
void troth_log_serve_proof(const struct troth_log_asked *asked);
void troth_log_serve_health(const struct troth_log_asked *asked);
void troth_log_serve_append(const struct troth_log_asked *asked);

/* "cannot be read now" and the like, by an errno. */
void troth_log_refuse_for(const struct troth_log_asked *asked, int failed);

/* A page of these entries for people into serve->page; false: it has no room. */
TROTH_MUST_USE bool troth_log_page_write(struct troth_log_serve *serve, int64_t now_s);
/* "default-src 'none'; …" with the hash of the only style there is. TROTH_ERR_CRYPTO. */
TROTH_MUST_USE enum troth_err
troth_log_page_policy(char out[static TROTH_LOG_POLICY_ROOM],
                      const struct troth_crypto *crypto);
/* The rows of its table of entries. */
void troth_log_page_entries(struct troth_writer *w, struct troth_log_serve *serve);

/* ---- entries that come in ---- */

/* The largest body: both members in base64. */
#define TROTH_LOG_APPEND_MAX                                                             \
    (((size_t)TROTH_LOG_ENTRY_MAX + TROTH_LOG_SEALED_MAX) / 3 * 4 + 1024)
#define TROTH_LOG_SEALED_MAX ((size_t)256 * 1024)

TROTH_MUST_USE enum troth_err troth_log_inbox_open(struct troth_log_inbox **out,
                                                   struct event_base *base,
                                                   struct troth_log_writer *writer);
/* No more are taken; those that are under way are still answered. Takes NULL. */
void troth_log_inbox_end(struct troth_log_inbox *inbox);
/* Takes NULL. What the writer still answers goes nowhere. */
void troth_log_inbox_close(struct troth_log_inbox *inbox);

#endif

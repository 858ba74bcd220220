/* SPDX-License-Identifier: Apache-2.0 */
#include "collateral/entry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "base/instant.h"
#include "base/span.h"
#include "collateral/header.h"

/* A day: Intel states anew when it has to, and caches of its own ask it daily. */
enum { STALE_AFTER_S = 86400 };

/* Clocks of machines that share a cache differ by so much at most. */
enum { CLOCKS_DIFFER_S = 300 };

#define FORMAT "1"

bool troth_entry_name(char out[static TROTH_STORE_NAME_ROOM],
                      const struct troth_need *need, enum troth_update update)
{
    bool is_early = need->takes_update && update == TROTH_UPDATE_EARLY;
    int written = snprintf(out, TROTH_STORE_NAME_ROOM, "%s%s", need->name,
                           is_early ? ".early" : "");

    if (written > 0 && written < TROTH_STORE_NAME_ROOM && troth_store_name_is_valid(out))
        return true;
    out[0] = '\0';
    return false;
}

static void write_facts(struct troth_writer *w, const struct troth_entry_facts *facts)
{
    const struct troth_need *need = &facts->need;

    troth_header_write(w, "Troth-Entry", FORMAT);
    troth_header_write(w, "Troth-Name", need->name);
    troth_header_write(w, "Troth-About", need->about);
    troth_header_write_uint(w, "Troth-Kind", (uint64_t)need->kind);
    troth_header_write_uint(w, "Troth-Service", (uint64_t)need->service);
    troth_header_write(w, "Troth-Path", need->path);
    if (need->pccs_path)
        troth_header_write(w, "Troth-PCCS-Path", need->pccs_path);
    troth_header_write_uint(w, "Troth-Takes-Update", need->takes_update);
    troth_header_write_uint(w, "Troth-Optional", need->is_optional);
    troth_header_write(w, "Troth-Update", troth_update_name(facts->update));
    troth_header_write(w, "Troth-Source", facts->source);
    troth_header_write_instant(w, "Troth-Fetched", facts->fetched_s);
    troth_header_write_instant(w, "Troth-Issued", facts->issued_s);
    troth_header_write_instant(w, "Troth-Expires", facts->expires_s);
    if (facts->has_evaluation_number)
        troth_header_write_uint(w, "Troth-Evaluation-Number", facts->evaluation_number);
    if (facts->crl_number_len)
        troth_header_write_hex(
            w, "Troth-CRL-Number",
            (struct troth_span){facts->crl_number, facts->crl_number_len});
}

bool troth_entry_write(struct troth_file *out, const struct troth_entry_facts *facts,
                       const struct troth_http_answer *answer)
{
    uint8_t *bytes = malloc(TROTH_ENTRY_MAX);
    struct troth_writer w = troth_writer_over(bytes, bytes ? TROTH_ENTRY_MAX : 0);

    *out = (struct troth_file){NULL, 0};
    troth_write_text(&w, "HTTP/1.1 200 OK\r\n");
    write_facts(&w, facts);
    troth_header_copy_chains(&w, answer->headers);
    troth_header_write_uint(&w, "Content-Length", answer->body.len);
    troth_write_text(&w, "\r\n");
    troth_write_bytes(&w, answer->body);
    if (!bytes || w.full) {
        free(bytes);
        return false;
    }
    *out = (struct troth_file){bytes, w.len};
    return true;
}

/* Cut the headers into lines and values that end with a zero byte. NULL: no memory. */
static char *copy_texts(struct troth_span headers)
{
    char *texts = malloc(headers.len + 1);

    if (!texts)
        return NULL;
    for (size_t i = 0; i < headers.len; i++)
        texts[i] = (char)(headers.ptr[i] == '\r' || headers.ptr[i] == '\n'
                              ? '\0'
                              : headers.ptr[i]);
    texts[headers.len] = '\0';
    return texts;
}

static enum troth_update update_of(const char *text)
{
    return text && strcmp(text, troth_update_name(TROTH_UPDATE_EARLY)) == 0
               ? TROTH_UPDATE_EARLY
               : TROTH_UPDATE_STANDARD;
}

/* False: something is missing, or is not what it should be. */
static bool read_facts(struct troth_entry_facts *out, const struct troth_headers *h)
{
    uint64_t kind = 0, service = 0, takes_update = 0, is_optional = 0;
    const char *crl_number = troth_header_find(h, "Troth-CRL-Number");
    struct troth_need *need = &out->need;
    bool fine = troth_header_uint(&kind, h, "Troth-Kind") &&
                troth_header_uint(&service, h, "Troth-Service") &&
                troth_header_uint(&takes_update, h, "Troth-Takes-Update") &&
                troth_header_uint(&is_optional, h, "Troth-Optional") &&
                troth_header_instant(&out->fetched_s, h, "Troth-Fetched") &&
                troth_header_instant(&out->issued_s, h, "Troth-Issued") &&
                troth_header_instant(&out->expires_s, h, "Troth-Expires");

    need->name = troth_header_find(h, "Troth-Name");
    need->about = troth_header_find(h, "Troth-About");
    need->path = troth_header_find(h, "Troth-Path");
    need->pccs_path = troth_header_find(h, "Troth-PCCS-Path");
    need->takes_update = takes_update == 1;
    need->is_optional = is_optional == 1;
    out->source = troth_header_find(h, "Troth-Source");
    out->update = update_of(troth_header_find(h, "Troth-Update"));
    out->has_evaluation_number = troth_header_uint(&out->evaluation_number, h,
                                                   "Troth-Evaluation-Number");
    if (crl_number)
        fine = fine &&
               !troth_hex_parse(out->crl_number, sizeof out->crl_number,
                                &out->crl_number_len, troth_span_of_text(crl_number));
    if (!fine || kind < TROTH_NEED_PCK || kind > TROTH_NEED_AMD_CRL ||
        service < TROTH_SERVICE_INTEL_PCS || service > TROTH_SERVICE_AMD_KDS)
        return false;
    need->kind = (enum troth_need_kind)kind;
    need->service = (enum troth_service)service;
    return need->name && need->about && need->path && out->source;
}

static const char *read(struct troth_kept_entry *out, const char *name)
{
    struct troth_span all = {out->file.bytes, out->file.len}, headers, body;
    char own_name[TROTH_STORE_NAME_ROOM];
    struct troth_headers h;
    const char *format;
    uint64_t len;

    if (!troth_header_split(&headers, &body, all))
        return "no saved answer";
    out->texts = copy_texts(headers);
    if (!out->texts)
        return "no memory to read it";
    h = (struct troth_headers){out->texts, headers.len};
    format = troth_header_find(&h, "Troth-Entry");
    if (!format || strcmp(format, FORMAT) != 0)
        return "an answer that was saved by something else";
    if (!read_facts(&out->facts, &h))
        return "what it says of itself is damaged";
    if (!troth_header_uint(&len, &h, "Content-Length") || len != body.len)
        return "it is not as long as it was";
    if (name && (!troth_entry_name(own_name, &out->facts.need, out->facts.update) ||
                 strcmp(own_name, name) != 0))
        return "it belongs under another name";
    return NULL;
}

const char *troth_entry_read(struct troth_kept_entry *out, struct troth_file *file,
                             const char *name)
{
    const char *why;

    *out = (struct troth_kept_entry){.file = *file};
    *file = (struct troth_file){NULL, 0};
    why = read(out, name);
    if (why)
        troth_entry_release(out);
    return why;
}

void troth_entry_release(struct troth_kept_entry *entry)
{
    troth_file_release(&entry->file);
    free(entry->texts);
    *entry = (struct troth_kept_entry){.texts = NULL};
}

/* A certificate says the same as long as it holds; a statement is overtaken by the next.
 */
static bool is_statement(enum troth_need_kind kind)
{
    switch (kind) {
    case TROTH_NEED_TCB_INFO:
    case TROTH_NEED_QE_IDENTITY:
    case TROTH_NEED_PCK_CRL:
    case TROTH_NEED_ROOT_CRL:
    case TROTH_NEED_AMD_CRL:
        return true;
    case TROTH_NEED_PCK:
    case TROTH_NEED_VCEK:
    case TROTH_NEED_AMD_CHAIN:
        return false;
    }
    return true;
}

enum troth_entry_freshness troth_entry_freshness(const struct troth_kept_entry *entry,
                                                 int64_t now_s)
{
    const struct troth_entry_facts *facts = &entry->facts;

    if (now_s >= facts->expires_s)
        return TROTH_EXPIRED;
    if (!is_statement(facts->need.kind))
        return TROTH_FRESH;
    /* A clock that was set back cannot tell how old it is. */
    if (facts->fetched_s - CLOCKS_DIFFER_S > now_s ||
        now_s - facts->fetched_s > STALE_AFTER_S)
        return TROTH_STALE;
    return TROTH_FRESH;
}

bool troth_entry_covers(const struct troth_kept_entry *entry, int64_t at_s)
{
    return entry->facts.issued_s <= at_s && at_s < entry->facts.expires_s;
}

/* Leading zeros say nothing. */
static int compare_numbers(const struct troth_entry_facts *a,
                           const struct troth_entry_facts *b)
{
    struct troth_span x = {a->crl_number, a->crl_number_len};
    struct troth_span y = {b->crl_number, b->crl_number_len};

    while (x.len > 0 && x.ptr[0] == 0)
        x = troth_span_slice(x, 1, x.len);
    while (y.len > 0 && y.ptr[0] == 0)
        y = troth_span_slice(y, 1, y.len);
    if (x.len != y.len)
        return x.len < y.len ? -1 : 1;
    return troth_span_compare(x, y);
}

const char *troth_entry_goes_back(const struct troth_kept_entry *kept,
                                  const struct troth_kept_entry *offered)
{
    const struct troth_entry_facts *old = &kept->facts, *new = &offered->facts;

    if (old->has_evaluation_number &&
        (!new->has_evaluation_number || new->evaluation_number < old->evaluation_number))
        return "the evaluation number";
    if (compare_numbers(new, old) < 0)
        return "the list's number";
    if (new->issued_s < old->issued_s)
        return "the issue date";
    return NULL;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/connect/tell.h"

#include <stdlib.h>
#include <string.h>

#include "base/instant.h"
#include "base/span.h"
#include "cli/connect/hint.h"
#include "cli/escape.h"
#include "cli/json_page.h"
#include "cli/status.h"
#include "codec/json_writer.h"
#include "os/clock.h"

/* What is refused again and again, without anything else between, is told so often. */
enum { QUIET_S = 10 };

/* Of JSON more than all texts of a refusal take, each byte of them escaped. */
enum { LINE_ROOM = 2048, JSON_ROOM = 16384, MACHINE_SHOWN = 8, VALUES_SHOWN = 64 };

static const char *const whose_words[] = {
    [TROTH_WHOSE_ANYBODYS] = "any",
    [TROTH_WHOSE_LISTED] = "listed",
    [TROTH_WHOSE_CERTIFIED] = "certified",
    [TROTH_WHOSE_PINNED] = "pinned",
};

static const char *const freshness_words[] = {
    [TROTH_FRESH_CONNECTION] = "connection",
    [TROTH_FRESH_NONCE] = "nonce",
    [TROTH_FRESH_CHECKPOINT] = "checkpoint",
};

/* ---- lines ---- */

struct line {
    uint8_t text[LINE_ROOM];
    struct troth_writer w;
};

static void begin_line(struct line *line, const struct troth_teller *teller,
                       const char *word)
{
    line->w = troth_writer_over(line->text, sizeof line->text);
    troth_write_text(&line->w, word);
    troth_write_text(&line->w, ": ");
    troth_escape_write(&line->w, troth_span_of_text(teller->address));
    troth_write_text(&line->w, ": ");
}

static void add(struct line *line, const char *before, const char *text)
{
    troth_write_text(&line->w, before);
    troth_escape_write(&line->w, troth_span_of_text(text));
}

static void end_line(const struct line *line)
{
    (void)fprintf(stderr, "%.*s\n", (int)line->w.len, (const char *)line->text);
}

static void add_machine(struct line *line, const struct troth_standing *peer)
{
    const size_t shown = peer->machine_len < MACHINE_SHOWN ? peer->machine_len
                                                           : MACHINE_SHOWN;

    if (peer->machine_len == 0) {
        add(line, ", no machine in particular", "");
    } else {
        add(line, ", machine ", "");
        troth_write_hex(&line->w, (struct troth_span){peer->machine, shown});
        add(line, shown < peer->machine_len ? "..." : "", "");
    }
    add(line, " (", whose_words[peer->whose]);
    add(line, ")", "");
}

static void print_proven(const struct troth_teller *teller)
{
    const struct troth_standing *peer = &teller->proven;
    struct line line;

    begin_line(&line, teller, "proven");
    add(&line, "", peer->kind);
    add(&line, ", ", *peer->image ? "image " : "any image");
    add(&line, "", peer->image);
    add_machine(&line, peer);
    add(&line, ", level ", troth_level_name(peer->level));
    add(&line, ", until ", "");
    troth_write_rfc3339(&line.w, peer->valid_until_s);
    if (*peer->valid_until_what)
        add(&line, ", the end of ", peer->valid_until_what);
    if (peer->simulated)
        add(&line, ", SIMULATED: it rests on a root that no vendor vouches for", "");
    end_line(&line);
}

static void print_value(const char *label, const char *value)
{
    struct line line;

    if (!*value)
        return;
    line.w = troth_writer_over(line.text, sizeof line.text);
    add(&line, label, value);
    end_line(&line);
}

static void print_check(const struct troth_connection_check *check, const char *policy)
{
    struct line line;
    char number[48];

    line.w = troth_writer_over(line.text, sizeof line.text);
    if (check->policy_line) {
        (void)snprintf(number, sizeof number, ":%u: ", (unsigned)check->policy_line);
        add(&line, "  ", policy);
        add(&line, "", number);
    } else {
        add(&line, "  ", "");
    }
    add(&line, "", check->name);
    if (*check->subject && strcmp(check->subject, check->name) != 0)
        add(&line, ": ", check->subject);
    add(&line, ": ", check->why);
    end_line(&line);
    print_value("    seen    ", check->seen);
    print_value("    wanted  ", check->wanted);
    if (check->more)
        (void)fprintf(stderr, "  and %zu more\n", check->more);
}

/* Nobody was judged, or refused for what he is. */
static bool is_closed(enum troth_channel_reason reason, enum troth_channel_reason theirs)
{
    return reason == TROTH_REASON_CLOSED ||
           (reason == TROTH_REASON_PEER && theirs == TROTH_REASON_CLOSED);
}

static void print_refused(const struct troth_teller *teller,
                          const struct troth_connection *c)
{
    const struct troth_connection_check *check = troth_connection_check(c);
    enum troth_channel_reason theirs;
    const enum troth_channel_reason reason = troth_connection_reason(c, &theirs);
    char hint[TROTH_CONNECT_HINT_ROOM];
    struct line line;

    begin_line(&line, teller, is_closed(reason, theirs) ? "broken off" : "refused");
    add(&line, "", troth_channel_reason_text(reason));
    if (reason == TROTH_REASON_PEER)
        add(&line, ": ", troth_channel_reason_text(theirs));
    else if (!check && *troth_connection_detail(c))
        add(&line, ": ", troth_connection_detail(c));
    else if (check && *check->seen && *check->wanted &&
             strlen(check->seen) + strlen(check->wanted) < VALUES_SHOWN) {
        add(&line, ": ", check->name);
        add(&line, ": ", check->seen);
        add(&line, ", wanted ", check->wanted);
    } else if (check) {
        add(&line, ": ", check->name);
    }
    end_line(&line);
    if (check)
        print_check(check, teller->policy);
    troth_connect_hint(hint, c, teller->asks_strict);
    if (hint[0])
        troth_say("hint", hint);
}

/* ---- JSON ---- */

struct object {
    uint8_t text[JSON_ROOM];
    struct troth_writer bytes;
    struct troth_json_writer w;
};

static void begin_object(struct object *o, const struct troth_teller *teller,
                         const char *event)
{
    o->bytes = troth_writer_over(o->text, sizeof o->text);
    o->w = troth_json_writer_over(&o->bytes, false);
    troth_json_begin_object(&o->w);
    troth_json_write_key(&o->w, "event");
    troth_json_write_text(&o->w, event);
    troth_json_write_key(&o->w, "address");
    troth_json_write_text(&o->w, teller->address);
}

static void end_object(struct object *o, const struct troth_teller *teller)
{
    troth_json_end_object(&o->w);
    troth_json_page_print(teller->json, troth_writer_span(&o->bytes));
    (void)fflush(teller->json);
}

static void write_text(struct object *o, const char *key, const char *text)
{
    troth_json_write_key(&o->w, key);
    if (text && *text)
        troth_json_write_text(&o->w, text);
    else
        troth_json_write_null(&o->w);
}

static void write_hex(struct object *o, const char *key, const uint8_t *bytes, size_t len)
{
    troth_json_write_key(&o->w, key);
    if (len)
        troth_json_write_hex(&o->w, (struct troth_span){bytes, len});
    else
        troth_json_write_null(&o->w);
}

static void write_instant(struct object *o, const char *key, int64_t instant_s)
{
    char text[32];
    struct troth_writer w = troth_writer_over((uint8_t *)text, sizeof text - 1);

    troth_write_rfc3339(&w, instant_s);
    text[w.len] = '\0';
    write_text(o, key, text);
}

static void write_proven(const struct troth_teller *teller)
{
    const struct troth_standing *peer = &teller->proven;
    struct object o;

    begin_object(&o, teller, "proven");
    write_text(&o, "kind", peer->kind);
    write_text(&o, "image", peer->image);
    write_hex(&o, "machine", peer->machine, peer->machine_len);
    write_text(&o, "whose", whose_words[peer->whose]);
    write_text(&o, "level", troth_level_name(peer->level));
    write_text(&o, "freshness", freshness_words[peer->freshness]);
    troth_json_write_key(&o.w, "simulated");
    troth_json_write_bool(&o.w, peer->simulated);
    write_instant(&o, "fresh_since", peer->fresh_s);
    write_instant(&o, "valid_until", peer->valid_until_s);
    write_text(&o, "valid_until_because", peer->valid_until_what);
    write_hex(&o, "evidence_sha256", peer->evidence_sha256, sizeof peer->evidence_sha256);
    write_hex(&o, "policy_digest", peer->policy_digest, sizeof peer->policy_digest);
    end_object(&o, teller);
}

static void write_check(struct object *o, const struct troth_connection_check *check)
{
    troth_json_write_key(&o->w, "check");
    if (!check) {
        troth_json_write_null(&o->w);
        return;
    }
    troth_json_begin_object(&o->w);
    write_text(o, "name", check->name);
    write_text(o, "subject", check->subject);
    write_text(o, "why", check->why);
    write_text(o, "seen", check->seen);
    write_text(o, "wanted", check->wanted);
    troth_json_write_key(&o->w, "policy_line");
    if (check->policy_line)
        troth_json_write_uint(&o->w, check->policy_line);
    else
        troth_json_write_null(&o->w);
    troth_json_write_key(&o->w, "more");
    troth_json_write_uint(&o->w, check->more);
    troth_json_end_object(&o->w);
}

static void write_refused(const struct troth_teller *teller,
                          const struct troth_connection *c)
{
    enum troth_channel_reason theirs;
    const enum troth_channel_reason reason = troth_connection_reason(c, &theirs);
    const bool is_theirs = reason == TROTH_REASON_PEER;
    char hint[TROTH_CONNECT_HINT_ROOM];
    struct object o;

    troth_connect_hint(hint, c, teller->asks_strict);
    begin_object(&o, teller, is_closed(reason, theirs) ? "closed" : "refused");
    write_text(&o, "reason", troth_channel_reason_name(reason));
    write_text(&o, "theirs", is_theirs ? troth_channel_reason_name(theirs) : NULL);
    write_text(&o, "text", troth_channel_reason_text(is_theirs ? theirs : reason));
    write_text(&o, "detail", troth_connection_detail(c));
    write_check(&o, troth_connection_check(c));
    write_text(&o, "hint", hint);
    end_object(&o, teller);
}

/* ---- what is told, and how often ---- */

static struct troth_span machine_of(const struct troth_standing *peer)
{
    return (struct troth_span){peer->machine, peer->machine_len};
}

static struct troth_span policy_of(const struct troth_standing *peer)
{
    return (struct troth_span){peer->policy_digest, sizeof peer->policy_digest};
}

/* Evidence of another epoch proves nothing else. */
static bool is_same(const struct troth_standing *a, const struct troth_standing *b)
{
    return a->level == b->level && a->whose == b->whose && a->simulated == b->simulated &&
           strcmp(a->kind, b->kind) == 0 && strcmp(a->image, b->image) == 0 &&
           troth_span_equal(machine_of(a), machine_of(b)) &&
           troth_span_equal(policy_of(a), policy_of(b));
}

void troth_tell_proven(struct troth_teller *teller, const struct troth_connection *c)
{
    const struct troth_standing *peer = troth_connection_standing(c);
    const bool is_known = teller->has_proven && !teller->is_down && peer &&
                          is_same(&teller->proven, peer);

    if (!peer || is_known)
        return;
    teller->proven = *peer;
    teller->has_proven = true;
    teller->is_down = false;
    if (teller->json)
        write_proven(teller);
    else
        print_proven(teller);
}

/* The same as a moment ago, to be passed over. */
static bool is_again(struct troth_teller *teller, enum troth_channel_reason reason,
                     const char *cause)
{
    const int64_t now_s = troth_clock_now_s();
    const bool is_same_one = teller->is_down && teller->refused == reason &&
                             strncmp(teller->cause, cause, sizeof teller->cause - 1) == 0;

    if (is_same_one && now_s < teller->refused_s + QUIET_S && now_s >= teller->refused_s)
        return true;
    teller->is_down = true;
    teller->refused = reason;
    teller->refused_s = now_s;
    (void)snprintf(teller->cause, sizeof teller->cause, "%s", cause);
    return false;
}

void troth_tell_refused(struct troth_teller *teller, const struct troth_connection *c)
{
    const struct troth_connection_check *check = troth_connection_check(c);
    const enum troth_channel_reason reason = troth_connection_reason(c, NULL);

    if (is_again(teller, reason, check ? check->name : troth_connection_detail(c)))
        return;
    if (teller->json)
        write_refused(teller, c);
    else
        print_refused(teller, c);
}

void troth_tell_unreached(struct troth_teller *teller, const char *cause)
{
    struct line line;
    struct object o;

    if (is_again(teller, TROTH_REASON_NONE, cause))
        return;
    if (teller->json) {
        begin_object(&o, teller, "unreachable");
        write_text(&o, "cause", cause);
        end_object(&o, teller);
        return;
    }
    begin_line(&line, teller, "unreachable");
    add(&line, "", cause);
    end_line(&line);
}

void troth_tell_listening(const struct troth_teller *teller, const char *at)
{
    struct object o;

    if (!teller->json) {
        (void)fprintf(stderr, "listening: %s\n", at);
        return;
    }
    begin_object(&o, teller, "listening");
    write_text(&o, "at", at);
    end_object(&o, teller);
}

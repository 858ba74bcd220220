/* SPDX-License-Identifier: Apache-2.0 */
#include "regex/regex.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/utf8.h"
#include "regex/parser.h"

/* Bytes; longer ones find no fewer places in real text. */
enum { PREFIX_MAX = 32 };

static void take_pattern(struct troth_regex_parser *p)
{
    troth_regex_push_group(p, p->c.next, p->flags);
    while (p->c.next != p->c.end) {
        const uint8_t *const token = p->c.next;

        troth_regex_take_token(p);
        if (p->machine.err)
            troth_regex_fail_at(&p->c, token, p->machine.err, "regex.states");
    }
    if (p->depth > 1)
        troth_regex_fail_at(&p->c, p->groups[p->depth - 1].at, TROTH_ERR_VALUE,
                            "regex.group");
    if (p->c.fault.err)
        return;
    troth_regex_join_alternatives(p);
    troth_regex_append(&p->machine, TROTH_REGEX_MATCH);
    if (p->machine.err)
        troth_cursor_fail(&p->c, p->machine.err, "regex.states");
    else
        troth_regex_thread_jumps(&p->machine);
}

/* To the first byte that is not UTF-8. */
static const uint8_t *find_broken(struct troth_span text)
{
    size_t at = 0;

    for (size_t len = 1; at + len <= text.len && len <= 4;) {
        const bool is_whole = troth_utf8_is_valid(
            (struct troth_span){text.ptr + at, len});

        at += is_whole ? len : 0;
        len = is_whole ? 1 : len + 1;
    }
    return text.ptr + at;
}

static void check_pattern(struct troth_cursor *c, struct troth_span pattern)
{
    if (pattern.len > TROTH_REGEX_PATTERN_MAX)
        troth_cursor_fail(c, TROTH_ERR_LIMIT, "regex.pattern");
    else if (!troth_utf8_is_valid(pattern))
        troth_regex_fail_at(c, find_broken(pattern), TROTH_ERR_TEXT, "regex.pattern");
}

/* The code points that are read one after the other from the start on, whatever comes. */
static bool take_prefix(struct troth_regex *regex, struct troth_arena *arena)
{
    uint8_t bytes[PREFIX_MAX + 4];
    size_t len = 0;
    const struct troth_regex_state *s = regex->states;

    while (len < PREFIX_MAX && s->op == TROTH_REGEX_LAST_RANGE && s->first == s->last) {
        const size_t more = troth_utf8_encode(bytes + len, s->first);

        if (!more)
            break; /* no text has it */
        len += more;
        s = regex->states + s->next;
    }
    if (len > PREFIX_MAX)
        len = PREFIX_MAX;
    if (len == 0)
        return true;
    regex->prefix = troth_arena_copy(arena, (struct troth_span){bytes, len});
    return regex->prefix.ptr != NULL;
}

enum troth_err troth_regex_compile(struct troth_regex *out, struct troth_fault *fault,
                                   struct troth_span pattern, struct troth_arena *arena)
{
    const size_t used = arena->used;
    struct troth_regex_parser p = {
        .c = troth_cursor_over(pattern),
        .machine = {.arena = arena},
    };

    *out = (struct troth_regex){0};
    check_pattern(&p.c, pattern);
    if (!p.c.fault.err)
        take_pattern(&p);

    enum troth_err err = troth_cursor_finish(&p.c, fault);
    if (!err) {
        *out = (struct troth_regex){
            .states = p.machine.states,
            .count = p.machine.count,
            .is_anchored = p.machine.states[0].op == TROTH_REGEX_BEGIN_TEXT,
        };
        if (!take_prefix(out, arena))
            err = troth_fault_set(fault, TROTH_ERR_MEMORY, "regex.states");
    }
    if (err) {
        *out = (struct troth_regex){0};
        arena->used = used;
    }
    return err;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/strings.h"

#include "base/span.h"
#include "cel/text.h"
#include "cel/value.h"

static struct troth_cel_value join(struct troth_cel_call *call,
                                   const struct troth_cel_list *list,
                                   struct troth_span separator)
{
    struct troth_cel_text text = troth_cel_text_begin(call);

    for (size_t i = 0; i < list->count && troth_cel_spend(call, 1); i++) {
        /* list(dyn) may be given where list(string) is wanted. */
        if (list->items[i].kind != TROTH_CEL_STRING)
            return TROTH_CEL_ERROR_VALUE(TROTH_CEL_ERROR_OVERLOAD);
        if (i > 0)
            troth_cel_text_add(&text, separator);
        troth_cel_text_add(&text, list->items[i].as.text);
    }
    return troth_cel_text_finish(&text, TROTH_CEL_STRING);
}

struct troth_cel_value troth_cel_join(struct troth_cel_call *call,
                                      const struct troth_cel_value *arguments)
{
    return join(call, arguments[0].as.list, TROTH_LITERAL(""));
}

struct troth_cel_value troth_cel_join_with(struct troth_cel_call *call,
                                           const struct troth_cel_value *arguments)
{
    return join(call, arguments[0].as.list, arguments[1].as.text);
}

/* The next place to cut or change a text at. */
static size_t next_place(struct troth_cel_call *call, struct troth_span text,
                         struct troth_span separator, size_t from)
{
    return troth_cel_spend(call, 1) ? troth_cel_text_find(call, text, separator, from)
                                    : SIZE_MAX;
}

/* The byte after the character at `at`; none can be after the end. */
static size_t after_character(struct troth_span text, size_t at)
{
    return at < text.len ? at + troth_cel_character_len(text.ptr[at]) : at + 1;
}

/* The pieces between at most `cuts` separators into `out`, which may be NULL; how many.
 * An empty separator is between any two characters. */
static size_t cut(struct troth_cel_value *out, struct troth_cel_call *call,
                  struct troth_span text, struct troth_span separator, uint64_t cuts)
{
    size_t count = 0;
    size_t from = 0;

    for (;;) {
        size_t first = separator.len ? from : after_character(text, from);
        size_t end = count < cuts ? next_place(call, text, separator, first) : SIZE_MAX;

        if (end > text.len)
            end = text.len;
        if (out)
            out[count] = TROTH_CEL_STRING_VALUE(troth_span_slice(text, from, end));
        count++;
        if (end == text.len)
            return count;
        from = end + separator.len;
    }
}

static struct troth_cel_value split(struct troth_cel_call *call, struct troth_span text,
                                    struct troth_span separator, int64_t limit)
{
    const uint64_t cuts = limit < 0 ? UINT64_MAX : (uint64_t)limit - 1;

    if (limit == 0 || (text.len == 0 && separator.len == 0))
        return troth_cel_new_list(call, NULL, 0);

    const size_t count = cut(NULL, call, text, separator, cuts);
    struct troth_cel_value *items = troth_cel_take(call, count, sizeof *items);

    if (!items)
        return TROTH_CEL_ERROR_VALUE(TROTH_CEL_ERROR_RANGE);
    return troth_cel_new_list(call, items, cut(items, call, text, separator, cuts));
}

struct troth_cel_value troth_cel_split(struct troth_cel_call *call,
                                       const struct troth_cel_value *arguments)
{
    return split(call, arguments[0].as.text, arguments[1].as.text, -1);
}

struct troth_cel_value troth_cel_split_at_most(struct troth_cel_call *call,
                                               const struct troth_cel_value *arguments)
{
    return split(call, arguments[0].as.text, arguments[1].as.text,
                 arguments[2].as.integer);
}

/* arguments: the text, what is replaced, by what. An empty text is before every character
 * and after the last. */
static struct troth_cel_value replace(struct troth_cel_call *call,
                                      const struct troth_cel_value *arguments,
                                      int64_t limit)
{
    const struct troth_span text = arguments[0].as.text;
    const struct troth_span old = arguments[1].as.text;
    uint64_t left = limit < 0 ? UINT64_MAX : (uint64_t)limit;
    struct troth_cel_text made = troth_cel_text_begin(call);
    size_t copied = 0;
    size_t from = 0;

    for (; left; left--) {
        const size_t at = next_place(call, text, old, from);

        if (at == SIZE_MAX)
            break;
        troth_cel_text_add(&made, troth_span_slice(text, copied, at));
        troth_cel_text_add(&made, arguments[2].as.text);
        copied = at + old.len;
        from = old.len ? copied : after_character(text, at);
    }
    troth_cel_text_add(&made, troth_span_slice(text, copied, text.len));
    return troth_cel_text_finish(&made, TROTH_CEL_STRING);
}

struct troth_cel_value troth_cel_replace(struct troth_cel_call *call,
                                         const struct troth_cel_value *arguments)
{
    return replace(call, arguments, -1);
}

struct troth_cel_value troth_cel_replace_at_most(struct troth_cel_call *call,
                                                 const struct troth_cel_value *arguments)
{
    return replace(call, arguments, arguments[3].as.integer);
}

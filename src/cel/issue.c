/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/issue.h"

#include "base/span.h"

enum { QUOTED_MAX = 60 }; /* bytes of the source, where an issue quotes it */

/* Lines end at \n, \r\n or \r; what follows `at` is not looked at. */
static void locate(struct troth_cel_issue *issue, struct troth_span source, uint32_t at)
{
    issue->line = 1;
    issue->column = 1;
    for (size_t i = 0; i < at && i < source.len; i++) {
        const bool is_pair = source.ptr[i] == '\r' && i + 1 < source.len &&
                             source.ptr[i + 1] == '\n';

        if (source.ptr[i] == '\n' || (source.ptr[i] == '\r' && !is_pair)) {
            issue->line++;
            issue->column = 1;
        } else if ((source.ptr[i] & 0xc0) != 0x80) {
            issue->column++;
        }
    }
}

/* As much as fits `size` bytes, and no half of a code point. */
static struct troth_span beginning_of(struct troth_span text, size_t size)
{
    size_t len = text.len < size ? text.len : size;

    while (len > 0 && len < text.len && (text.ptr[len] & 0xc0) == 0x80)
        len--;
    return troth_span_slice(text, 0, len);
}

static void append(struct troth_writer *w, struct troth_span text)
{
    const struct troth_span beginning = beginning_of(text, w->size - w->len);

    troth_write_bytes(w, beginning);
    /* What follows would be out of place. */
    if (beginning.len < text.len)
        w->size = w->len;
}

static enum troth_err fill(struct troth_cel_issue *issue, struct troth_span source,
                           uint32_t start, uint32_t end, const struct troth_span texts[3])
{
    if (!issue || issue->text[0])
        return TROTH_ERR_VALUE;

    struct troth_writer w = troth_writer_over((uint8_t *)issue->text,
                                              sizeof issue->text - 1);

    *issue = (struct troth_cel_issue){.start = start, .end = end};
    locate(issue, source, start);
    for (unsigned i = 0; i < 3; i++)
        append(&w, texts[i]);
    return TROTH_ERR_VALUE;
}

enum troth_err troth_cel_issue_set(struct troth_cel_issue *issue,
                                   struct troth_span source, uint32_t start, uint32_t end,
                                   const char *const texts[3])
{
    struct troth_span spans[3] = {{NULL, 0}};

    for (unsigned i = 0; i < 3; i++)
        if (texts[i])
            spans[i] = troth_span_of_text(texts[i]);
    return fill(issue, source, start, end, spans);
}

enum troth_err troth_cel_issue_write(struct troth_cel_issue *issue,
                                     struct troth_span source, uint32_t start,
                                     uint32_t end, struct troth_span text)
{
    return fill(issue, source, start, end, (const struct troth_span[3]){text});
}

enum troth_err troth_cel_issue_quote(struct troth_cel_issue *issue,
                                     struct troth_span source, uint32_t start,
                                     uint32_t end, const char *before, const char *after)
{
    const struct troth_span quoted = troth_span_slice(source, start, end);
    const struct troth_span texts[3] = {troth_span_of_text(before),
                                        beginning_of(quoted, QUOTED_MAX),
                                        troth_span_of_text(after)};

    return fill(issue, source, start, end, texts);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "init/nsm_random.h"

#include "base/cursor.h"
#include "base/span.h"

/* CBOR: a map of one, a text of nine bytes, a map of one, a text of six. */
#define REQUEST "\x69GetRandom"
#define BEFORE  "\xa1\x69GetRandom\xa1\x66random"
#define REFUSED                                                                          \
    "\xa1\x65"                                                                           \
    "Error"

enum { TEXT = 0x60, BYTES = 0x40, IN_ONE = 24, IN_TWO = 25, WORD_MAX = 64 };

/* The content of a string of this kind, which has to be all there is; its length in the
 * shortest form. Empty on failure. */
static struct troth_span read_string(struct troth_cursor *c, uint8_t kind)
{
    const unsigned head = (unsigned)troth_cursor_u8(c, "nsm.head") - kind;
    size_t len = head, least = 0;

    if (head == IN_ONE || head == IN_TWO) {
        len = (size_t)troth_cursor_uint_be(c, head - IN_ONE + 1, "nsm.length");
        least = head == IN_ONE ? IN_ONE : UINT8_MAX + 1;
    }
    troth_cursor_expect(c, head <= IN_TWO && len >= least && len > 0, TROTH_ERR_VALUE,
                        "nsm.length");
    const struct troth_span content = troth_cursor_bytes(c, len, "nsm.bytes");

    return troth_cursor_finish(c, NULL) ? (struct troth_span){NULL, 0} : content;
}

struct troth_span troth_init_nsm_random_request(void)
{
    return troth_span_of_text(REQUEST);
}

bool troth_init_nsm_random_parse(struct troth_span *out, struct troth_init_fault *fault,
                                 struct troth_span answer)
{
    const struct troth_span before = troth_span_of_text(BEFORE);
    const struct troth_span refused = troth_span_of_text(REFUSED);
    const bool is_refused = troth_span_starts_with(answer, refused);
    struct troth_cursor c = troth_cursor_over(
        troth_span_slice(answer, is_refused ? refused.len : before.len, answer.len));

    *out = (struct troth_span){NULL, 0};
    if (!is_refused && !troth_span_starts_with(answer, before))
        return troth_init_fail(fault, "the module's answer is no answer");

    const struct troth_span content = read_string(&c, is_refused ? TEXT : BYTES);

    if (content.len == 0)
        return troth_init_fail(fault, "the module's answer is no answer");
    if (is_refused)
        return troth_init_fail(fault, "the module says '%.*s'",
                               (int)(content.len < WORD_MAX ? content.len : WORD_MAX),
                               (const char *)content.ptr);
    *out = content;
    return true;
}

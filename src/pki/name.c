/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/name.h"

#include "base/span.h"
#include "base/utf8.h"
#include "codec/der.h"
#include "pki/cert.h"

/* NumericString and TeletexString, which some authorities still write. */
enum { NUMERIC_STRING = 0x12, TELETEX_STRING = 0x14 };

struct attribute {
    struct troth_span oid;
    struct troth_span value; /* with its header */
};

/* Strings of one byte a character, or well-formed UTF-8: so that whoever decodes a name
 * beside us finds text, too. */
static void check_string(struct troth_cursor *c, struct troth_span element,
                         const char *field)
{
    struct troth_cursor value = troth_cursor_over(element);
    unsigned tag = element.len ? element.ptr[0] : 0;

    if (tag == TROTH_DER_UTF8_STRING)
        troth_cursor_expect(c, troth_utf8_is_valid(troth_der_read(&value, tag, field)),
                            TROTH_ERR_TEXT, field);
    else
        troth_cursor_expect(c,
                            tag == TROTH_DER_PRINTABLE_STRING ||
                                tag == TROTH_DER_IA5_STRING || tag == NUMERIC_STRING ||
                                tag == TELETEX_STRING,
                            TROTH_ERR_TYPE, field);
}

static struct attribute read_attribute(struct troth_cursor *set, const char *field)
{
    struct troth_cursor pair = troth_der_enter(set, TROTH_DER_SEQUENCE, field);
    struct attribute attribute;

    attribute.oid = troth_der_oid(&pair, field);
    attribute.value = troth_der_element(&pair, 0, field);
    troth_cursor_leave(set, &pair);
    check_string(set, attribute.value, field);
    return attribute;
}

/* Does it read the same wherever it is shown? Of UTF-8 it is known to be well-formed. */
static bool is_plain(struct troth_span text, bool is_utf8)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < 0x20 || text.ptr[i] == 0x7f || (text.ptr[i] > 0x7f && !is_utf8))
            return false;
    return text.len > 0;
}

/* The contents of a string that was checked, or {NULL, 0}. */
static struct troth_span plain_text(struct troth_span element)
{
    struct troth_cursor c = troth_cursor_over(element);
    bool is_utf8 = troth_der_next_is(&c, TROTH_DER_UTF8_STRING);
    bool is_short = troth_der_next_is(&c, TROTH_DER_PRINTABLE_STRING) ||
                    troth_der_next_is(&c, TROTH_DER_IA5_STRING);
    struct troth_span text = {NULL, 0};

    if (is_utf8 || is_short)
        text = troth_der_read(&c, element.ptr[0], "name");
    return is_plain(text, is_utf8) ? text : (struct troth_span){NULL, 0};
}

/* The attributes of one type in a name. */
struct sought {
    struct troth_span oid;
    struct troth_span last; /* one of them, with its header */
    unsigned times;
};

static void note(struct sought *sought, size_t count, const struct attribute *attribute)
{
    for (size_t i = 0; i < count; i++)
        if (troth_span_equal(attribute->oid, sought[i].oid)) {
            sought[i].last = attribute->value;
            sought[i].times++;
        }
}

static void read_name(struct troth_cursor *c, struct sought *sought, size_t count,
                      const char *field)
{
    struct troth_cursor name = troth_der_enter(c, TROTH_DER_SEQUENCE, field);

    troth_cursor_expect(&name, troth_cursor_left(&name) > 0, TROTH_ERR_MISSING, field);
    while (troth_cursor_left(&name) > 0) {
        struct troth_cursor set = troth_der_enter(&name, TROTH_DER_SET, field);

        do {
            const struct attribute attribute = read_attribute(&set, field);

            note(sought, count, &attribute);
        } while (troth_cursor_left(&set) > 0);
        troth_cursor_leave(&name, &set);
    }
    troth_cursor_leave(c, &name);
}

static struct troth_span found(const struct troth_cursor *c, const struct sought *sought)
{
    if (c->fault.err || sought->times != 1)
        return (struct troth_span){NULL, 0};
    return plain_text(sought->last);
}

struct troth_name troth_name_read(struct troth_cursor *c, const char *field)
{
    const uint8_t *start = c->next;
    struct sought sought[] = {{TROTH_OID_COMMON_NAME, {NULL, 0}, 0},
                              {TROTH_OID_ORGANIZATION, {NULL, 0}, 0}};

    read_name(c, sought, sizeof sought / sizeof sought[0], field);
    return (struct troth_name){
        {start, (size_t)(c->next - start)}, found(c, &sought[0]), found(c, &sought[1])};
}

struct troth_span troth_name_attribute(struct troth_span name, struct troth_span oid)
{
    struct troth_cursor c = troth_cursor_over(name);
    struct sought sought = {oid, {NULL, 0}, 0};

    read_name(&c, &sought, 1, "name");
    return troth_cursor_finish(&c, NULL) ? (struct troth_span){NULL, 0}
                                         : found(&c, &sought);
}

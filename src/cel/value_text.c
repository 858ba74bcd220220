/* SPDX-License-Identifier: Apache-2.0 */
/* Values and types as text that means them. */
#include "base/number.h"
#include "base/span.h"
#include "cel/address.h"
#include "cel/time.h"
#include "cel/type.h"
#include "cel/value.h"

enum {
    BYTES_AS_TEXT_MAX = 4, /* longer ones are easier to read as hex */
    DOUBLE_MAX = 32        /* the longest has 24 characters */
};

static void write_escaped(struct troth_writer *w, uint8_t byte)
{
    static const struct {
        uint8_t byte;
        const char *escape;
    } escapes[] = {
        {'\\', "\\\\"}, {'\'', "\\'"}, {'\n', "\\n"}, {'\r', "\\r"}, {'\t', "\\t"},
    };

    for (size_t i = 0; i < sizeof escapes / sizeof escapes[0]; i++)
        if (escapes[i].byte == byte) {
            troth_write_text(w, escapes[i].escape);
            return;
        }
    if (byte >= ' ' && byte != 0x7f) {
        troth_write_u8(w, byte);
        return;
    }
    troth_write_text(w, "\\x");
    troth_write_hex(w, (struct troth_span){&byte, 1});
}

static void write_string(struct troth_writer *w, const struct troth_cel_value *value)
{
    const struct troth_span text = value->as.text;

    troth_write_text(w, "'");
    for (size_t i = 0; i < text.len && !w->full; i++)
        write_escaped(w, text.ptr[i]);
    troth_write_text(w, "'");
}

static void write_bytes(struct troth_writer *w, const struct troth_cel_value *value)
{
    const struct troth_span bytes = value->as.text;
    const bool is_short = bytes.len <= BYTES_AS_TEXT_MAX;

    troth_write_text(w, is_short ? "b'" : "hex.decode('");
    for (size_t i = 0; is_short && i < bytes.len; i++) {
        troth_write_text(w, "\\x");
        troth_write_hex(w, troth_span_slice(bytes, i, i + 1));
    }
    if (!is_short)
        troth_write_hex(w, bytes);
    troth_write_text(w, is_short ? "'" : "')");
}

static void write_bool(struct troth_writer *w, const struct troth_cel_value *value)
{
    troth_write_text(w, value->as.boolean ? "true" : "false");
}

static void write_int(struct troth_writer *w, const struct troth_cel_value *value)
{
    troth_write_int(w, value->as.integer);
}

static void write_uint(struct troth_writer *w, const struct troth_cel_value *value)
{
    troth_write_decimal(w, value->as.number);
    troth_write_text(w, "u");
}

/* A double is told from an int by its point or exponent; infinities and NaN have no
 * literals. */
static void write_double(struct troth_writer *w, const struct troth_cel_value *value)
{
    uint8_t room[DOUBLE_MAX];
    struct troth_writer digits = troth_writer_over(room, sizeof room);
    const bool is_number = troth_double_is_finite(value->as.real);
    bool is_whole = is_number;

    troth_write_double(&digits, value->as.real);
    for (size_t i = 0; i < digits.len; i++)
        is_whole = is_whole && room[i] != '.' && room[i] != 'e';
    troth_write_text(w, is_number ? "" : "double('");
    troth_write_bytes(w, troth_writer_span(&digits));
    troth_write_text(w, !is_number ? "')" : is_whole ? ".0" : "");
}

static void write_timestamp(struct troth_writer *w, const struct troth_cel_value *value)
{
    troth_write_text(w, "timestamp('");
    troth_cel_write_timestamp(w, value);
    troth_write_text(w, "')");
}

static void write_duration(struct troth_writer *w, const struct troth_cel_value *value)
{
    troth_write_text(w, "duration('");
    troth_cel_write_duration(w, value);
    troth_write_text(w, "')");
}

static void write_address(struct troth_writer *w, const struct troth_cel_value *value)
{
    troth_write_text(w, "ip('");
    troth_cel_write_address(w, value->as.address);
    troth_write_text(w, "')");
}

static void write_network(struct troth_writer *w, const struct troth_cel_value *value)
{
    troth_write_text(w, "cidr('");
    troth_cel_write_network(w, value->as.address);
    troth_write_text(w, "')");
}

/* A type's name is its value, without arguments. */
static void write_type_name(struct troth_writer *w, const struct troth_cel_value *value)
{
    const struct troth_cel_type *type = value->as.type;
    const enum troth_cel_kind kind = troth_cel_type_kind(type);
    const bool is_hosts = kind == TROTH_CEL_ABSTRACT && type->name;

    troth_write_text(w, is_hosts ? type->name : troth_cel_kind_name(kind));
}

static void write_null(struct troth_writer *w, const struct troth_cel_value *value)
{
    (void)value;
    troth_write_text(w, "null");
}

/* The last three are nothing that an expression could say. */
static void write_error(struct troth_writer *w, const struct troth_cel_value *value)
{
    troth_write_text(w, "error: ");
    troth_write_text(w, troth_cel_error_text(value->as.error.code));
}

static void write_unknown(struct troth_writer *w, const struct troth_cel_value *value)
{
    (void)value;
    troth_write_text(w, "unknown");
}

static void write_none(struct troth_writer *w, const struct troth_cel_value *value)
{
    (void)value;
    troth_write_text(w, "no value");
}

static void write_single(struct troth_writer *w, const struct troth_cel_value *value)
{
    static void (*const writers[TROTH_CEL_KIND_COUNT])(
        struct troth_writer * w, const struct troth_cel_value *value) = {
        [TROTH_CEL_NONE] = write_none,           [TROTH_CEL_ERROR] = write_error,
        [TROTH_CEL_UNKNOWN] = write_unknown,     [TROTH_CEL_NULL] = write_null,
        [TROTH_CEL_BOOL] = write_bool,           [TROTH_CEL_INT] = write_int,
        [TROTH_CEL_UINT] = write_uint,           [TROTH_CEL_DOUBLE] = write_double,
        [TROTH_CEL_STRING] = write_string,       [TROTH_CEL_BYTES] = write_bytes,
        [TROTH_CEL_TIMESTAMP] = write_timestamp, [TROTH_CEL_DURATION] = write_duration,
        [TROTH_CEL_TYPE] = write_type_name,      [TROTH_CEL_ADDRESS] = write_address,
        [TROTH_CEL_NETWORK] = write_network,
    };

    if ((unsigned)value->kind < TROTH_CEL_KIND_COUNT && writers[value->kind])
        writers[value->kind](w, value);
}

/* A list, a map or an optional that is being written: its members, one after the other,
 * a map's keys and values in turn. */
struct open {
    const struct troth_cel_value *value;
    size_t next;
};

static size_t member_count(const struct troth_cel_value *value)
{
    switch ((int)value->kind) {
    case TROTH_CEL_LIST:
        return value->as.list->count;
    case TROTH_CEL_MAP:
        return value->as.map->count * 2;
    case TROTH_CEL_OPTIONAL:
        return value->as.optional ? 1 : 0;
    }
    return 0;
}

static const struct troth_cel_value *member(const struct troth_cel_value *value, size_t n)
{
    if (value->kind == TROTH_CEL_LIST)
        return &value->as.list->items[n];
    if (value->kind == TROTH_CEL_OPTIONAL)
        return value->as.optional;

    const struct troth_cel_entry *entry = &value->as.map->entries[n / 2];

    return n % 2 ? &entry->value : &entry->key;
}

static bool has_members(const struct troth_cel_value *value)
{
    return value->kind == TROTH_CEL_LIST || value->kind == TROTH_CEL_MAP ||
           value->kind == TROTH_CEL_OPTIONAL;
}

static void write_opening(struct troth_writer *w, const struct troth_cel_value *value)
{
    if (value->kind == TROTH_CEL_OPTIONAL)
        troth_write_text(w, value->as.optional ? "optional.of(" : "optional.none(");
    else
        troth_write_text(w, value->kind == TROTH_CEL_LIST ? "[" : "{");
}

static void write_closing(struct troth_writer *w, const struct troth_cel_value *value)
{
    if (value->kind == TROTH_CEL_OPTIONAL)
        troth_write_text(w, ")");
    else
        troth_write_text(w, value->kind == TROTH_CEL_LIST ? "]" : "}");
}

/* What stands before member number `n`. */
static void write_separator(struct troth_writer *w, const struct troth_cel_value *value,
                            size_t n)
{
    if (n)
        troth_write_text(w, value->kind == TROTH_CEL_MAP && n % 2 ? ": " : ", ");
}

static void write_value(struct troth_writer *w, const struct troth_cel_value *value)
{
    struct open stack[TROTH_CEL_VALUE_NESTING];
    size_t depth = 0;

    while (!w->full) {
        if (!has_members(value)) {
            write_single(w, value);
        } else if (depth < TROTH_CEL_VALUE_NESTING) {
            write_opening(w, value);
            stack[depth++] = (struct open){value, 0};
        } else {
            w->full = true;
        }
        while (depth && stack[depth - 1].next == member_count(stack[depth - 1].value))
            write_closing(w, stack[--depth].value);
        if (!depth)
            return;

        struct open *top = &stack[depth - 1];

        write_separator(w, top->value, top->next);
        value = member(top->value, top->next++);
    }
}

static enum troth_err finish(size_t *out_len, const struct troth_writer *w)
{
    *out_len = w->full ? 0 : w->len;
    return w->full ? TROTH_ERR_LIMIT : TROTH_OK;
}

enum troth_err troth_cel_value_to_text(uint8_t *out, size_t size, size_t *out_len,
                                       const struct troth_cel_value *value)
{
    struct troth_writer w = troth_writer_over(out, size);

    write_value(&w, value);
    return finish(out_len, &w);
}

enum troth_err troth_cel_type_to_text(uint8_t *out, size_t size, size_t *out_len,
                                      const struct troth_cel_type *type)
{
    struct troth_writer w = troth_writer_over(out, size);

    troth_cel_write_type(&w, type);
    return finish(out_len, &w);
}

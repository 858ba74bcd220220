/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/dcap/pck.h"

#include "base/span.h"
#include "codec/der.h"

/* spec: [PCK] 1.3.5: last arcs below TROTH_PCK_OID. */
enum entry {
    PPID = 1,
    TCB,
    PCE_ID,
    FMSPC,
    SGX_TYPE,
    PLATFORM_INSTANCE_ID,
    CONFIGURATION
};

/* Below TCB the sixteen components come first, from 1; below CONFIGURATION these. */
enum { PCE_SVN = 17, CPU_SVN = 18 };
enum { DYNAMIC_PLATFORM = 1, CACHED_KEYS, SMT };

#define BIT(arc)       (UINT32_C(1) << (arc))
#define BITS(from, to) ((BIT((to) + 1) - 1) & ~(BIT(from) - 1))

/* Of the extension, or of one of the two lists within it. */
struct list {
    struct troth_span above; /* the identifier that its entries' continue by one arc */
    const char *field;
    uint32_t known, required; /* sets of arcs */
    uint32_t seen;
};

/*
 * Enter the next entry, SEQUENCE { identifier, value }; the value is still to be read.
 * `*arc` is the identifier's last, or 0 where it has no meaning; then it is read.
 */
static struct troth_cursor enter_entry(struct troth_cursor *c, struct list *list,
                                       unsigned *arc)
{
    struct troth_cursor entry = troth_der_enter(c, TROTH_DER_SEQUENCE, list->field);
    const struct troth_span id = troth_der_oid(&entry, list->field);

    *arc = 0;
    if (id.len == list->above.len + 1 && troth_span_starts_with(id, list->above) &&
        id.ptr[list->above.len] < 32 && BIT(id.ptr[list->above.len]) & list->known) {
        *arc = id.ptr[list->above.len];
        troth_cursor_expect(&entry, !(list->seen & BIT(*arc)), TROTH_ERR_DUPLICATE,
                            list->field);
        list->seen |= BIT(*arc);
    } else {
        troth_der_element(&entry, 0, list->field);
    }
    return entry;
}

static void expect_required(struct troth_cursor *c, const struct list *list)
{
    troth_cursor_expect(c, (list->seen & list->required) == list->required,
                        TROTH_ERR_MISSING, list->field);
}

static struct troth_span read_bytes(struct troth_cursor *c, size_t len, const char *field)
{
    const struct troth_span bytes = troth_der_read(c, TROTH_DER_OCTET_STRING, field);

    troth_cursor_expect(c, bytes.len == len, TROTH_ERR_VALUE, field);
    return bytes;
}

static unsigned read_uint(struct troth_cursor *c, unsigned most, const char *field)
{
    const uint64_t value = troth_der_u64(c, field);

    troth_cursor_expect(c, value <= most, TROTH_ERR_VALUE, field);
    return (unsigned)value;
}

static enum troth_sgx_type read_sgx_type(struct troth_cursor *c)
{
    const struct troth_span value = troth_der_read(c, TROTH_DER_ENUMERATED,
                                                   "dcap.pck.sgx_type");
    const bool is_known = value.len == 1 &&
                          value.ptr[0] <= TROTH_SGX_SCALABLE_WITH_INTEGRITY;

    troth_cursor_expect(c, is_known, TROTH_ERR_VALUE, "dcap.pck.sgx_type");
    return is_known ? (enum troth_sgx_type)value.ptr[0] : TROTH_SGX_STANDARD;
}

static void read_tcb(struct troth_pck *out, struct troth_cursor *outer)
{
    struct list list = {
        .above = TROTH_LITERAL("\x2a\x86\x48\x86\xf8\x4d\x01\x0d\x01\x02"),
        .field = "dcap.pck.tcb",
        .known = BITS(1, CPU_SVN),
        .required = BITS(1, CPU_SVN),
    };
    struct troth_cursor c = troth_der_enter(outer, TROTH_DER_SEQUENCE, list.field);

    while (troth_cursor_left(&c)) {
        unsigned arc;
        struct troth_cursor entry = enter_entry(&c, &list, &arc);

        if (arc == PCE_SVN)
            out->pce_svn = (uint16_t)read_uint(&entry, UINT16_MAX, "dcap.pck.pce_svn");
        else if (arc == CPU_SVN)
            out->cpu_svn = read_bytes(&entry, 16, "dcap.pck.cpu_svn");
        else if (arc)
            out->components[arc - 1] = (uint8_t)read_uint(&entry, UINT8_MAX,
                                                          "dcap.pck.component");
        troth_cursor_leave(&c, &entry);
    }
    expect_required(&c, &list);
    troth_cursor_leave(outer, &c);
}

static void read_configuration(struct troth_pck *out, struct troth_cursor *outer)
{
    struct list list = {
        .above = TROTH_LITERAL("\x2a\x86\x48\x86\xf8\x4d\x01\x0d\x01\x07"),
        .field = "dcap.pck.configuration",
        .known = BITS(DYNAMIC_PLATFORM, SMT),
    };
    bool *const values[] = {&out->dynamic_platform, &out->cached_keys, &out->smt};
    bool *const has[] = {&out->has_dynamic_platform, &out->has_cached_keys,
                         &out->has_smt};
    struct troth_cursor c = troth_der_enter(outer, TROTH_DER_SEQUENCE, list.field);

    while (troth_cursor_left(&c)) {
        unsigned arc;
        struct troth_cursor entry = enter_entry(&c, &list, &arc);

        if (arc) {
            *values[arc - 1] = troth_der_boolean(&entry, list.field);
            *has[arc - 1] = true;
        }
        troth_cursor_leave(&c, &entry);
    }
    out->has_configuration = true;
    troth_cursor_leave(outer, &c);
}

static void read_value(struct troth_pck *out, struct troth_cursor *c, enum entry which)
{
    switch (which) {
    case PPID:
        out->ppid = read_bytes(c, 16, "dcap.pck.ppid");
        break;
    case TCB:
        read_tcb(out, c);
        break;
    case PCE_ID:
        out->pce_id = read_bytes(c, 2, "dcap.pck.pce_id");
        break;
    case FMSPC:
        out->fmspc = read_bytes(c, 6, "dcap.pck.fmspc");
        break;
    case SGX_TYPE:
        out->sgx_type = read_sgx_type(c);
        break;
    case PLATFORM_INSTANCE_ID:
        out->platform_instance_id = read_bytes(c, 16, "dcap.pck.platform_instance_id");
        break;
    case CONFIGURATION:
        read_configuration(out, c);
        break;
    }
}

enum troth_err troth_pck_parse(struct troth_pck *out, struct troth_fault *fault,
                               struct troth_span extension)
{
    struct troth_pck pck = {.pce_svn = 0};
    struct list list = {
        .above = TROTH_PCK_OID,
        .field = "dcap.pck.extension",
        .known = BITS(PPID, CONFIGURATION),
        .required = BITS(PPID, SGX_TYPE),
    };
    struct troth_cursor whole = troth_cursor_over(extension);
    struct troth_cursor c = troth_der_enter(&whole, TROTH_DER_SEQUENCE, list.field);

    while (troth_cursor_left(&c)) {
        unsigned arc;
        struct troth_cursor entry = enter_entry(&c, &list, &arc);

        if (arc)
            read_value(&pck, &entry, (enum entry)arc);
        troth_cursor_leave(&c, &entry);
    }
    expect_required(&c, &list);
    troth_cursor_leave(&whole, &c);

    const enum troth_err err = troth_cursor_finish(&whole, fault);

    *out = err ? (struct troth_pck){.pce_svn = 0} : pck;
    return err;
}

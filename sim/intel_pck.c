/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/intel_pck.h"

#include <stdio.h>

#include "sim/der.h"

/* SEQUENCE { SIM_OID_INTEL_PCK and these arcs, value (taken) } */
static void put_entry(struct sim_bytes *out, const char *arcs, struct sim_bytes value)
{
    struct sim_bytes entry = {0};
    char oid[48];

    (void)snprintf(oid, sizeof oid, SIM_OID_INTEL_PCK ".%s", arcs);
    sim_der_oid(&entry, oid);
    sim_bytes_take(&entry, value);
    sim_der_wrap(out, SIM_DER_SEQUENCE, entry);
}

static void put_octets(struct sim_bytes *out, const char *arcs, struct troth_span octets)
{
    struct sim_bytes value = {0};

    sim_der_put(&value, SIM_DER_OCTET_STRING, octets);
    put_entry(out, arcs, value);
}

static void put_svn(struct sim_bytes *out, unsigned arc, uint64_t number)
{
    struct sim_bytes value = {0};
    char arcs[16];

    (void)snprintf(arcs, sizeof arcs, "2.%u", arc);
    sim_der_number(&value, number);
    put_entry(out, arcs, value);
}

static void put_flag(struct sim_bytes *out, const char *arcs, bool is_set)
{
    const uint8_t content[] = {is_set ? 0xff : 0};
    struct sim_bytes value = {0};

    sim_der_put(&value, SIM_DER_BOOLEAN, SIM_ARRAY(content));
    put_entry(out, arcs, value);
}

/* A SEQUENCE of entries, edited before it is closed. */
static void put_group(struct sim_bytes *out, const char *arcs, struct sim_bytes entries,
                      struct sim_edit edit)
{
    struct sim_bytes value = {0};

    sim_edit_apply(edit, &entries);
    sim_der_wrap(&value, SIM_DER_SEQUENCE, entries);
    put_entry(out, arcs, value);
}

static void put_tcb(struct sim_bytes *out, const struct sim_intel_pck *pck)
{
    struct sim_bytes entries = {0};

    for (unsigned i = 0; i < SIM_TCB_COMPONENTS; i++)
        put_svn(&entries, i + 1, pck->components[i]);
    put_svn(&entries, 17, pck->pce_svn);
    put_octets(&entries, "2.18", SIM_ARRAY(pck->cpu_svn));
    put_group(out, "2", entries, pck->edit_tcb);
}

static void put_configuration(struct sim_bytes *out, const struct sim_intel_pck *pck)
{
    struct sim_bytes entries = {0};

    put_flag(&entries, "7.1", pck->dynamic_platform);
    put_flag(&entries, "7.2", pck->cached_keys);
    put_flag(&entries, "7.3", pck->smt);
    put_group(out, "7", entries, pck->edit_configuration);
}

struct sim_bytes sim_intel_pck_mint(const struct sim_intel_pck *pck)
{
    const uint8_t sgx_type[] = {SIM_DER_ENUMERATED, 1, pck->sgx_type};
    struct sim_bytes entries = {0};
    struct sim_bytes type = {0};
    struct sim_bytes out = {0};

    put_octets(&entries, "1", SIM_ARRAY(pck->ppid));
    put_tcb(&entries, pck);
    put_octets(&entries, "3", SIM_ARRAY(pck->pce_id));
    put_octets(&entries, "4", SIM_ARRAY(pck->fmspc));
    sim_bytes_append(&type, SIM_ARRAY(sgx_type));
    put_entry(&entries, "5", type);
    if (pck->has_instance)
        put_octets(&entries, "6", SIM_ARRAY(pck->platform_instance_id));
    if (pck->has_configuration)
        put_configuration(&entries, pck);
    sim_edit_apply(pck->edit_entries, &entries);
    sim_der_wrap(&out, SIM_DER_SEQUENCE, entries);
    sim_edit_apply(pck->edit_value, &out);
    return out;
}

/* The element at the start of `rest`, header and all; lengths here have two bytes or
 * fewer behind the first. */
static struct troth_span element(struct troth_span rest)
{
    size_t head = 2, len = rest.len > 1 ? rest.ptr[1] : 0;

    if (len == 0x81 && rest.len > 2) {
        head = 3;
        len = rest.ptr[2];
    } else if (len == 0x82 && rest.len > 3) {
        head = 4;
        len = (size_t)rest.ptr[2] << 8 | rest.ptr[3];
    }
    if (rest.len < head + len)
        sim_die("what is to be edited is no list of entries");
    return (struct troth_span){rest.ptr, head + len};
}

/* Where the last byte of the entry's object identifier is. */
static size_t last_arc(struct troth_span entry)
{
    const size_t head = entry.ptr[1] < 0x80 ? 2 : 2 + (size_t)(entry.ptr[1] & 0x7f);
    const struct troth_span oid = element(
        (struct troth_span){entry.ptr + head, entry.len - head});

    return head + oid.len - 1;
}

static struct troth_span find(const struct sim_bytes *entries, const void *context)
{
    const uint8_t *arc = context;
    struct troth_span rest = sim_bytes_span(*entries);

    while (rest.len > 0) {
        const struct troth_span entry = element(rest);

        if (entry.ptr[last_arc(entry)] == *arc)
            return entry;
        rest.ptr += entry.len;
        rest.len -= entry.len;
    }
    sim_die("there is no such entry to be edited");
}

void sim_intel_pck_remove(struct sim_bytes *entries, const void *context)
{
    const struct troth_span entry = find(entries, context);
    const uint8_t *after = entry.ptr + entry.len;
    struct sim_bytes out = {0};

    sim_bytes_append(
        &out, (struct troth_span){entries->ptr, (size_t)(entry.ptr - entries->ptr)});
    sim_bytes_append(
        &out, (struct troth_span){after, (size_t)(entries->ptr + entries->len - after)});
    sim_bytes_free(entries);
    *entries = out;
}

void sim_intel_pck_repeat(struct sim_bytes *entries, const void *context)
{
    struct sim_bytes again = {0};

    sim_bytes_append(&again, find(entries, context));
    sim_bytes_take(entries, again);
}

void sim_intel_pck_rename(struct sim_bytes *entries, const void *context)
{
    const struct troth_span entry = find(entries, context);

    entries->ptr[(size_t)(entry.ptr - entries->ptr) + last_arc(entry)] += 64;
}

void sim_intel_pck_reverse(struct sim_bytes *entries, const void *context)
{
    struct troth_span rest = sim_bytes_span(*entries);
    struct sim_bytes out = {0};

    (void)context;
    while (rest.len > 0) {
        const struct troth_span entry = element(rest);
        struct sim_bytes longer = {0};

        sim_bytes_append(&longer, entry);
        sim_bytes_take(&longer, out);
        out = longer;
        rest.ptr += entry.len;
        rest.len -= entry.len;
    }
    sim_bytes_free(entries);
    *entries = out;
}

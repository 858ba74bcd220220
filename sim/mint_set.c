/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/mint_set.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A place in a report that a claim is written to. */
struct field {
    const char *claim;
    size_t offset, size;
    bool is_number;
};

/* clang-format off */
#define ROW_NUMBER(structure, prefix, name, size) \
    {prefix #name, offsetof(structure, name), size, true},
#define ROW_BYTES(structure, prefix, name, size) \
    {prefix #name, offsetof(structure, name), size, false},

static const struct field snp_fields[] = {
#define NUMBER(name, size) ROW_NUMBER(struct sim_snp_report, "snp.", name, size)
#define BYTES(name, size)  ROW_BYTES(struct sim_snp_report, "snp.", name, size)
    SIM_SNP_REPORT(NUMBER, BYTES)
#undef NUMBER
#undef BYTES
    {"nonce", offsetof(struct sim_snp_report, report_data), 64, false},
    {NULL, 0, 0, false},
};

static const struct field sgx_fields[] = {
#define NUMBER(name, size) ROW_NUMBER(struct sim_sgx_report, "sgx.", name, size)
#define BYTES(name, size)  ROW_BYTES(struct sim_sgx_report, "sgx.", name, size)
    SIM_SGX_REPORT(NUMBER, BYTES)
#undef NUMBER
#undef BYTES
    {"nonce", offsetof(struct sim_sgx_report, report_data), 64, false},
    {NULL, 0, 0, false},
};

static const struct field tdx_fields[] = {
#define NUMBER(name, size) ROW_NUMBER(struct sim_td_report, "tdx.", name, size)
#define BYTES(name, size)  ROW_BYTES(struct sim_td_report, "tdx.", name, size)
    SIM_TD10_REPORT(NUMBER, BYTES)
    SIM_TD15_REPORT(NUMBER, BYTES)
    SIM_TD15_EX_REPORT(NUMBER, BYTES)
#undef NUMBER
#undef BYTES
    {"nonce", offsetof(struct sim_td_report, report_data), 64, false},
    {NULL, 0, 0, false},
};
/* clang-format on */

_Noreturn static void refuse(const char *why, const char *wish)
{
    (void)fprintf(stderr, "%s: error: --set %s: %s\n", mint_program, wish, why);
    exit(2);
}

static bool is_about(const char *wish, const char *claim)
{
    const size_t len = strlen(claim);

    return strncmp(wish, claim, len) == 0 && wish[len] == '=';
}

static const char *value_of(const char *wish)
{
    return strchr(wish, '=') + 1;
}

static uint8_t digit_of(const char *wish, char digit)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = digit ? strchr(digits, digit) : NULL;

    if (!at)
        refuse("hex is wanted, lower case, two digits a byte", wish);
    return (uint8_t)(at - digits);
}

/* How many bytes were written, `room` at most. */
static size_t parse_hex(uint8_t *out, size_t room, const char *wish)
{
    const char *digits = value_of(wish);
    size_t len = 0;

    for (; digits[0]; digits += 2, len++) {
        const uint8_t high = digit_of(wish, digits[0]);

        if (len == room)
            refuse("the field is shorter", wish);
        out[len] = (uint8_t)(high << 4 | digit_of(wish, digits[1]));
    }
    return len;
}

static uint64_t parse_number(size_t size, const char *wish)
{
    const char *text = value_of(wish);
    char *end = NULL;

    errno = 0;
    const unsigned long long number = strtoull(text, &end, 0);
    if (errno || *text < '0' || *text > '9' || *end)
        refuse("a number is wanted", wish);
    if (size < 8 && number >> 8 * size)
        refuse("the field is shorter", wish);
    return number;
}

static void set_field(void *report, const struct field *fields, const char *wish)
{
    const struct field *field = fields;

    while (field->claim && !is_about(wish, field->claim))
        field++;
    if (!field->claim)
        refuse("no such claim can be set here", wish);
    if (field->is_number)
        *(uint64_t *)(void *)((uint8_t *)report +
                              field->offset) = parse_number(field->size, wish);
    else if (parse_hex((uint8_t *)report + field->offset, field->size, wish) !=
             field->size)
        refuse("the field is longer", wish);
}

static void set_pcr(struct sim_nitro *doc, const char *wish)
{
    enum { PCRS = sizeof doc->pcrs / sizeof doc->pcrs[0] };

    for (unsigned i = 0; i < PCRS; i++) {
        char claim[24];

        (void)snprintf(claim, sizeof claim, "nitro.pcr%u", i);
        if (!is_about(wish, claim))
            continue;
        doc->pcrs[i].is_present = true;
        doc->pcrs[i].len = parse_hex(doc->pcrs[i].value, 48, wish);
        return;
    }
    refuse("no such claim can be set here", wish);
}

/* False: it is about none of these. */
static bool set_optional(struct sim_nitro *doc, const char *wish)
{
    static const struct {
        const char *claim;
        size_t offset;
    } rows[] = {
        {"nonce", offsetof(struct sim_nitro, nonce)},
        {"nitro.user_data", offsetof(struct sim_nitro, user_data)},
        {"nitro.public_key", offsetof(struct sim_nitro, public_key)},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sim_optional *optional = (void *)((uint8_t *)doc + rows[i].offset);

        if (!is_about(wish, rows[i].claim))
            continue;
        optional->is_bytes = true;
        optional->len = parse_hex(optional->value, sizeof optional->value, wish);
        return true;
    }
    return false;
}

void mint_set_nitro(struct sim_nitro *doc, const struct mint_order *order)
{
    for (size_t i = 0; i < order->wish_count; i++)
        if (!set_optional(doc, order->wishes[i]))
            set_pcr(doc, order->wishes[i]);
}

void mint_set_snp(struct sim_snp *doc, const struct mint_order *order)
{
    for (size_t i = 0; i < order->wish_count; i++)
        set_field(&doc->report, snp_fields, order->wishes[i]);
    if (order->wish_count > 0)
        sim_snp_match_vek(doc);
}

static void set_status(struct sim_intel *doc, const char *wish)
{
    const struct sim_intel_tcb *info = &doc->tcb_info;

    for (size_t i = 0; i < info->level_count; i++) {
        if (strcmp(value_of(wish), info->levels[i].standing.status) != 0)
            continue;
        sim_intel_set_status(doc, (enum sim_intel_status)i);
        return;
    }
    refuse("the TCB info has no level of that status", wish);
}

void mint_set_intel(struct sim_intel *doc, const struct mint_order *order)
{
    void *report = doc->is_tdx ? (void *)&doc->quote.td : (void *)&doc->quote.enclave;

    for (size_t i = 0; i < order->wish_count; i++) {
        if (is_about(order->wishes[i], "tcb.status"))
            set_status(doc, order->wishes[i]);
        else
            set_field(report, doc->is_tdx ? tdx_fields : sgx_fields, order->wishes[i]);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/tsm_report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LEVEL_MAX   3 /* VMPLs */
#define BIG_SIZE    100000
#define DIGEST_SIZE 48

int sim_tsm_make(struct sim_tsm *tsm, const char *name)
{
    if (sim_tsm_fault_strikes(&tsm->fault, SIM_TSM_ABSENT))
        return ENXIO;
    if (sim_tsm_find_name(tsm, name))
        return EEXIST;
    if (strlen(name) >= sizeof tsm->reports[0].name)
        return ENAMETOOLONG;
    for (size_t i = 0; i < SIM_TSM_REPORTS_MAX; i++) {
        struct sim_tsm_report *report = &tsm->reports[i];

        if (report->serial)
            continue;
        *report = (struct sim_tsm_report){.serial = ++tsm->serial};
        memcpy(report->name, name, strlen(name) + 1);
        return 0;
    }
    return ENOMEM;
}

static void forget_blobs(struct sim_tsm_report *report)
{
    sim_bytes_free(&report->outblob);
    sim_bytes_free(&report->auxblob);
    report->is_made = false;
}

int sim_tsm_remove(struct sim_tsm *tsm, const char *name)
{
    struct sim_tsm_report *report = sim_tsm_find_name(tsm, name);

    if (!report)
        return ENOENT;
    forget_blobs(report);
    *report = (struct sim_tsm_report){0};
    return 0;
}

struct sim_tsm_report *sim_tsm_find(struct sim_tsm *tsm, uint64_t serial)
{
    for (size_t i = 0; i < SIM_TSM_REPORTS_MAX; i++)
        if (serial && tsm->reports[i].serial == serial)
            return &tsm->reports[i];
    return NULL;
}

struct sim_tsm_report *sim_tsm_find_name(struct sim_tsm *tsm, const char *name)
{
    for (size_t i = 0; i < SIM_TSM_REPORTS_MAX; i++)
        if (tsm->reports[i].serial && strcmp(tsm->reports[i].name, name) == 0)
            return &tsm->reports[i];
    return NULL;
}

bool sim_tsm_has(const struct sim_tsm *tsm, enum sim_tsm_attribute attribute)
{
    static const bool is_snp_alone[] = {
#define X(name, text, mode, is_snp) is_snp,
        SIM_TSM_ATTRIBUTES(X)
#undef X
    };
    return tsm->machine->kind == SIM_MACHINE_SNP || !is_snp_alone[attribute];
}

/* Somebody else, in the middle of this one's asking. */
static void ask_as_rival(struct sim_tsm_report *report)
{
    memset(report->inblob, 0xee, sizeof report->inblob);
    report->write_generation++;
}

/* The faults that come before there is a report. */
static int suffer(struct sim_tsm_fault *fault)
{
    if (sim_tsm_fault_strikes(fault, SIM_TSM_EINTR))
        return EINTR;
    if (sim_tsm_fault_strikes(fault, SIM_TSM_EBUSY))
        return EBUSY;
    if (sim_tsm_fault_strikes(fault, SIM_TSM_HANG))
        return SIM_TSM_NO_ANSWER;
    return 0;
}

/* Those of the report itself. */
static void spoil(struct sim_tsm_fault *fault, struct sim_bytes *outblob)
{
    if (sim_tsm_fault_strikes(fault, SIM_TSM_SHORT))
        outblob->len -= outblob->len / 3;
    if (sim_tsm_fault_strikes(fault, SIM_TSM_BIG))
        sim_bytes_append_zeros(outblob, BIG_SIZE);
}

static int make_blobs(struct sim_tsm *tsm, struct sim_tsm_report *report)
{
    uint8_t asked[SIM_TSM_INBLOB_MAX];
    const int error = suffer(&tsm->fault);

    if (error)
        return error;
    /* Both drivers take all of it or nothing. */
    if (report->inblob_len != SIM_TSM_INBLOB_MAX)
        return EINVAL;
    if (sim_tsm_fault_strikes(&tsm->fault, SIM_TSM_RACE))
        ask_as_rival(report);
    memcpy(asked, report->inblob, sizeof asked);
    if (sim_tsm_fault_strikes(&tsm->fault, SIM_TSM_OTHER))
        asked[0] ^= 1;
    forget_blobs(report);
    if (report->level > 0)
        tsm->machine->snp.report.vmpl = report->level;
    report->outblob = sim_machine_quote(tsm->machine, asked);
    sim_bytes_append(&report->auxblob, sim_bytes_span(tsm->machine->table));
    report->is_made = true;
    report->read_generation = report->write_generation;
    spoil(&tsm->fault, &report->outblob);
    return 0;
}

static int show_blob(struct sim_tsm *tsm, struct sim_tsm_report *report,
                     const struct sim_bytes *blob, struct sim_bytes *out)
{
    if (report->inblob_len == 0)
        return EINVAL;
    if (!report->is_made || report->read_generation != report->write_generation) {
        const int error = make_blobs(tsm, report);

        if (error)
            return error;
    }
    sim_bytes_append(out, sim_bytes_span(*blob));
    return 0;
}

static int show_number(struct sim_bytes *out, unsigned long number)
{
    char text[32];

    (void)snprintf(text, sizeof text, "%lu\n", number);
    sim_bytes_append(out, sim_text(text));
    return 0;
}

static const char *provider_of(struct sim_tsm *tsm)
{
    if (sim_tsm_fault_strikes(&tsm->fault, SIM_TSM_STRANGER))
        return "arm_cca_guest\n";
    return tsm->machine->kind == SIM_MACHINE_SNP ? "sev_guest\n" : "tdx_guest\n";
}

int sim_tsm_show(struct sim_tsm *tsm, struct sim_tsm_report *report,
                 enum sim_tsm_attribute attribute, struct sim_bytes *out)
{
    switch (attribute) {
    case SIM_TSM_GENERATION:
        return show_number(out, report->write_generation);
    case SIM_TSM_PROVIDER:
        sim_bytes_append(out, sim_text(provider_of(tsm)));
        return 0;
    case SIM_TSM_PRIVLEVEL_FLOOR:
        return show_number(out, 0);
    case SIM_TSM_OUTBLOB:
        return show_blob(tsm, report, &report->outblob, out);
    case SIM_TSM_AUXBLOB:
        return show_blob(tsm, report, &report->auxblob, out);
    case SIM_TSM_PRIVLEVEL:
    case SIM_TSM_INBLOB:
    case SIM_TSM_ATTRIBUTE_COUNT:
        break;
    }
    return EACCES;
}

static int store_level(struct sim_tsm_report *report, struct troth_span content)
{
    const size_t len = content.len > 0 && content.ptr[content.len - 1] == '\n'
                           ? content.len - 1
                           : content.len;

    if (len != 1 || content.ptr[0] < '0' || content.ptr[0] > '0' + LEVEL_MAX)
        return EINVAL;
    report->level = content.ptr[0] - '0';
    report->write_generation++;
    return 0;
}

int sim_tsm_store(struct sim_tsm_report *report, enum sim_tsm_attribute attribute,
                  struct troth_span content)
{
    if (attribute == SIM_TSM_PRIVLEVEL)
        return store_level(report, content);
    if (attribute != SIM_TSM_INBLOB)
        return EACCES;
    if (content.len > SIM_TSM_INBLOB_MAX)
        return EFBIG;
    memcpy(report->inblob, content.ptr, content.len);
    report->inblob_len = content.len;
    report->write_generation++;
    return 0;
}

int sim_tsm_extend(struct sim_tsm *tsm, unsigned rtmr, struct troth_span digest)
{
    if (digest.len != DIGEST_SIZE)
        return EINVAL;
    const int error = suffer(&tsm->fault);

    if (!error)
        sim_machine_extend(tsm->machine, rtmr, digest.ptr);
    return error;
}

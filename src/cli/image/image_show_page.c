/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/image/image_show_page.h"

#include <inttypes.h>

#include "base/instant.h"

enum { MARGIN = 2, VALUE = 20, OFFSET = 20, SIZE = 34, COVERED = 48 };

static void print_number(struct troth_page *page, uint64_t number)
{
    char text[24];

    (void)snprintf(text, sizeof text, "%" PRIu64, number);
    troth_page_say(page, TROTH_STYLE_PLAIN, text);
}

static void print_head(struct troth_page *page, const char *title)
{
    troth_page_end_line(page);
    troth_page_say(page, TROTH_STYLE_BOLD, title);
    troth_page_end_line(page);
}

static void print_label(struct troth_page *page, const char *label)
{
    troth_page_column(page, MARGIN);
    troth_page_say(page, TROTH_STYLE_PLAIN, label);
    troth_page_column(page, VALUE);
}

static void print_line(struct troth_page *page, const char *label, const char *text)
{
    print_label(page, label);
    troth_page_say(page, TROTH_STYLE_PLAIN, text);
    troth_page_end_line(page);
}

/* ---- sections and registers ---- */

static void print_covered(struct troth_page *page, const struct troth_eif *eif,
                          size_t index)
{
    bool any = false;

    for (int pcr = TROTH_PCR0; pcr < TROTH_PCR8; pcr++)
        if (troth_pcr_covers((enum troth_pcr)pcr, eif, index)) {
            troth_page_say(page, TROTH_STYLE_PLAIN, any ? ", " : "");
            troth_page_say(page, TROTH_STYLE_PLAIN, troth_pcr_label((enum troth_pcr)pcr));
            any = true;
        }
    if (!any)
        troth_page_say(page, TROTH_STYLE_OPEN,
                       eif->sections[index].kind == TROTH_EIF_SIGNATURE
                           ? "its certificate only: pcr8"
                           : "not measured");
}

static void print_sections(struct troth_page *page, const struct troth_eif *eif)
{
    print_head(page, "sections");
    for (size_t i = 0; i < eif->count; i++) {
        char label[TROTH_SECTION_LABEL_MAX];

        troth_section_label(label, eif, i);
        print_label(page, label);
        print_number(page, eif->sections[i].offset);
        troth_page_column(page, SIZE);
        print_number(page, eif->sections[i].size);
        troth_page_column(page, COVERED);
        print_covered(page, eif, i);
        troth_page_end_line(page);
    }
}

static void print_registers(struct troth_page *page,
                            const struct troth_image_facts *facts)
{
    struct troth_measurements measurements;

    troth_image_measurements(&measurements, facts);
    print_head(page, "registers");
    for (size_t i = 0; i < measurements.count; i++) {
        uint8_t hex[2 * TROTH_PCR_SIZE];
        struct troth_writer w = troth_writer_over(hex, sizeof hex);

        print_label(page, measurements.rows[i].claim);
        troth_write_hex(&w, (struct troth_span){measurements.rows[i].value,
                                                measurements.rows[i].len});
        troth_page_text(page, TROTH_STYLE_PLAIN, troth_writer_span(&w));
        troth_page_end_line(page);
    }
}

/* ---- texts ---- */

static void print_text(struct troth_page *page, const char *label, struct troth_span text)
{
    print_label(page, label);
    troth_page_text(page, TROTH_STYLE_PLAIN, text);
    troth_page_end_line(page);
}

static void print_unmeasured(struct troth_page *page,
                             const struct troth_image_report *report)
{
    const struct troth_eif *eif = &report->view->facts.eif;
    char text[160];

    print_head(page, "not measured: whoever holds the file can change it");
    (void)snprintf(text, sizeof text,
                   "version %u, %s, %" PRIu64 " bytes of memory and %" PRIu64
                   " processors by default, CRC-32 %08" PRIx32,
                   (unsigned)eif->version, eif->aarch64 ? "aarch64" : "x86_64",
                   eif->default_memory, eif->default_cpus, eif->crc);
    print_line(page, "header", text);
    if (report->metadata.len > 0)
        print_text(page, "metadata", report->metadata);
}

static void print_validity(struct troth_page *page, const struct troth_cert *cert)
{
    uint8_t text[80];
    struct troth_writer w = troth_writer_over(text, sizeof text);

    troth_write_rfc3339(&w, cert->not_before_s);
    troth_write_text(&w, " to ");
    troth_write_rfc3339(&w, cert->not_after_s);
    print_text(page, "  valid, it says", troth_writer_span(&w));
}

static void print_signature(struct troth_page *page,
                            const struct troth_image_report *report)
{
    const struct troth_cert *cert = &report->certificate;
    const bool is_good = report->view->facts.signature_good;

    if (!report->view->facts.is_signed) {
        print_line(page, "signature", "none");
        return;
    }
    print_label(page, "signature");
    troth_page_say(page, is_good ? TROTH_STYLE_PLAIN : TROTH_STYLE_BAD,
                   is_good ? "good: over this pcr0, by this certificate's key"
                           : "BAD: not over this pcr0, or not by this certificate's key");
    troth_page_end_line(page);
    print_line(page, "  algorithm",
               troth_signature_facts(report->signature.algorithm).text);
    if (cert->raw.len > 0) {
        print_text(page, "  certificate of", cert->common_name);
        print_text(page, "  issued by", cert->issuer_common_name);
        print_validity(page, cert);
    } else {
        print_line(page, "  certificate", "of a form that is not shown here");
    }
    print_line(page, "", "whom the certificate belongs to was not checked");
}

/* ---- contents ---- */

static void print_ramdisks(struct troth_page *page,
                           const struct troth_image_report *report)
{
    print_head(page, "contents");
    for (size_t i = 0; i < report->ramdisk_count; i++) {
        const struct troth_ramdisk_report *row = &report->ramdisks[i];
        char label[TROTH_SECTION_LABEL_MAX], text[160];

        (void)snprintf(label, sizeof label, "ramdisk %u", (unsigned)i + 1);
        (void)snprintf(text, sizeof text,
                       "%" PRIu64 " files of %" PRIu64 " bytes, %" PRIu64
                       " folders, %" PRIu64 " links",
                       row->files, row->bytes, row->folders, row->links);
        print_line(page, label, row->why[0] ? "not known: it" : text);
        if (row->why[0])
            print_line(page, "", row->why);
        if (row->others > 0) {
            (void)snprintf(text, sizeof text, "%" PRIu64 " devices, pipes or sockets",
                           row->others);
            print_line(page, "", text);
        }
    }
}

static void print_finding(struct troth_page *page, enum troth_surface_kind kind,
                          const struct troth_surface_finding *finding)
{
    print_label(page, troth_surface_title(kind));
    print_number(page, finding->count);
    troth_page_say(page, TROTH_STYLE_PLAIN, ": ");
    for (size_t i = 0; i < finding->named; i++) {
        troth_page_say(page, TROTH_STYLE_PLAIN, i > 0 ? ", " : "");
        troth_page_text(page, TROTH_STYLE_PLAIN, finding->paths[i]);
    }
    if (finding->count > finding->named)
        troth_page_say(page, TROTH_STYLE_PLAIN, ", and more");
    troth_page_end_line(page);
}

/* What was looked for and not found. */
static void print_absent(struct troth_page *page, const struct troth_surface *surface)
{
    bool any = false;

    print_label(page, "none found");
    for (int kind = 0; kind < TROTH_SURFACE_COUNT; kind++)
        if (surface->findings[kind].count == 0) {
            troth_page_say(page, TROTH_STYLE_PLAIN, any ? ", " : "");
            troth_page_say(page, TROTH_STYLE_PLAIN,
                           troth_surface_title((enum troth_surface_kind)kind));
            any = true;
        }
    troth_page_end_line(page);
}

static void print_code(struct troth_page *page, const struct troth_surface *surface)
{
    const struct {
        const char *label;
        uint64_t count, bytes;
    } rows[] = {
        {"programs", surface->programs, surface->program_bytes},
        {"libraries", surface->libraries, surface->library_bytes},
    };
    char text[80];

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        (void)snprintf(text, sizeof text,
                       "%" PRIu64 " of machine code, %" PRIu64 " bytes", rows[i].count,
                       rows[i].bytes);
        print_line(page, rows[i].label, text);
    }
    (void)snprintf(text, sizeof text, "%" PRIu64, surface->scripts);
    print_line(page, "scripts", text);
}

static void print_surface(struct troth_page *page,
                          const struct troth_image_report *report)
{
    print_head(page, "attack surface, by names and modes");
    if (!report->is_whole)
        print_line(page, "not complete", "contents of a ramdisk are not known");
    print_code(page, &report->surface);
    for (int kind = 0; kind < TROTH_SURFACE_COUNT; kind++)
        if (report->surface.findings[kind].count > 0)
            print_finding(page, (enum troth_surface_kind)kind,
                          &report->surface.findings[kind]);
    print_absent(page, &report->surface);
}

/* ---- the run file ---- */

static void print_words(struct troth_page *page, const char *label,
                        const struct troth_run_words *words)
{
    if (words->count == 0)
        return;
    print_label(page, label);
    for (size_t i = 0; i < words->count; i++) {
        troth_page_say(page, TROTH_STYLE_PLAIN, i > 0 ? " " : "");
        troth_page_say(page, TROTH_STYLE_PLAIN, words->rows[i]);
    }
    troth_page_end_line(page);
}

static void print_run(struct troth_page *page, const struct troth_image_report *report)
{
    const struct troth_run_file *run = &report->run;
    const struct {
        const char *label, *text;
    } rows[] = {
        {"user", run->user},
        {"listen", run->listen},
        {"upstream", run->upstream},
        {"upstream_outside", run->upstream_outside},
    };

    print_head(page, "what it runs (" TROTH_IMAGE_RUN_PATH ")");
    if (report->run_why[0] || report->run_text.len == 0) {
        print_line(page, report->run_why[0] ? "not known" : "none",
                   report->run_why[0] ? report->run_why : "there is no such file");
        return;
    }
    print_words(page, "program", &run->program);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].text)
            print_line(page, rows[i].label, rows[i].text);
    if (run->outbound.count + run->outbound_plain.count == 0)
        print_line(page, "outbound", "nothing");
    print_words(page, "outbound", &run->outbound);
    print_words(page, "outbound_plain", &run->outbound_plain);
}

void troth_image_show_page_print(struct troth_page *page,
                                 const struct troth_image_report *report)
{
    const struct troth_image_facts *facts = &report->view->facts;
    uint8_t hex[2 * sizeof facts->sha256];
    struct troth_writer w = troth_writer_over(hex, sizeof hex);

    troth_page_say(page, TROTH_STYLE_BOLD, report->view->name);
    troth_page_say(page, TROTH_STYLE_PLAIN, ": an image for AWS Nitro Enclaves, ");
    print_number(page, facts->eif.size);
    troth_page_say(page, TROTH_STYLE_PLAIN, " bytes");
    troth_page_end_line(page);
    troth_write_hex(&w, (struct troth_span){facts->sha256, sizeof facts->sha256});
    print_text(page, "sha256", troth_writer_span(&w));
    print_sections(page, &facts->eif);
    print_registers(page, facts);
    print_text(page, "command line", report->cmdline);
    print_signature(page, report);
    print_unmeasured(page, report);
    print_ramdisks(page, report);
    print_surface(page, report);
    print_run(page, report);
}

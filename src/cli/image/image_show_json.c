/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/image/image_json.h"
#include "cli/image/image_show_page.h"

#include "base/instant.h"

static void write_header(struct troth_json_writer *w, const struct troth_eif *eif)
{
    troth_json_write_key(w, "header");
    troth_json_begin_object(w);
    troth_image_json_bool(w, "measured", false);
    troth_image_json_number(w, "version", eif->version);
    troth_image_json_text(w, "architecture", eif->aarch64 ? "aarch64" : "x86_64");
    troth_image_json_number(w, "default_memory", eif->default_memory);
    troth_image_json_number(w, "default_cpus", eif->default_cpus);
    troth_image_json_number(w, "crc32", eif->crc);
    troth_json_end_object(w);
}

static void write_section(struct troth_json_writer *w, const struct troth_eif *eif,
                          size_t index)
{
    char label[TROTH_SECTION_LABEL_MAX];

    troth_section_label(label, eif, index);
    troth_json_begin_object(w);
    troth_image_json_text(w, "section", label);
    troth_image_json_number(w, "offset", eif->sections[index].offset);
    troth_image_json_number(w, "size", eif->sections[index].size);
    troth_json_write_key(w, "registers");
    troth_json_begin_array(w);
    for (int pcr = TROTH_PCR0; pcr < TROTH_PCR8; pcr++)
        if (troth_pcr_covers((enum troth_pcr)pcr, eif, index))
            troth_json_write_text(w, troth_pcr_label((enum troth_pcr)pcr));
    troth_json_end_array(w);
    troth_json_end_object(w);
}

static void write_sections(struct troth_json_writer *w, const struct troth_eif *eif)
{
    troth_json_write_key(w, "sections");
    troth_json_begin_array(w);
    for (size_t i = 0; i < eif->count; i++)
        write_section(w, eif, i);
    troth_json_end_array(w);
}

static void write_registers(struct troth_json_writer *w,
                            const struct troth_image_facts *facts)
{
    troth_json_write_key(w, "registers");
    troth_json_begin_object(w);
    for (int i = 0; i < TROTH_PCR_COUNT; i++)
        troth_image_json_hex(
            w, troth_pcr_label((enum troth_pcr)i),
            (struct troth_span){facts->pcrs[i], i != TROTH_PCR8 || facts->is_signed
                                                    ? TROTH_PCR_SIZE
                                                    : 0});
    troth_json_end_object(w);
}

static void write_metadata(struct troth_json_writer *w, struct troth_span text)
{
    troth_json_write_key(w, "metadata");
    if (text.len == 0) {
        troth_json_write_null(w);
        return;
    }
    troth_json_begin_object(w);
    troth_image_json_bool(w, "measured", false);
    troth_image_json_span(w, "text", text);
    troth_json_end_object(w);
}

static void write_instant(struct troth_json_writer *w, const char *key, int64_t at_s)
{
    uint8_t text[32];
    struct troth_writer out = troth_writer_over(text, sizeof text);

    troth_write_rfc3339(&out, at_s);
    troth_image_json_span(w, key, troth_writer_span(&out));
}

static void write_certificate(struct troth_json_writer *w, const struct troth_cert *cert)
{
    troth_json_write_key(w, "certificate");
    if (cert->raw.len == 0) {
        troth_json_write_null(w);
        return;
    }
    troth_json_begin_object(w);
    troth_image_json_bool(w, "checked", false);
    troth_image_json_span(w, "common_name", cert->common_name);
    troth_image_json_span(w, "organization", cert->organization);
    troth_image_json_span(w, "issuer_common_name", cert->issuer_common_name);
    write_instant(w, "not_before", cert->not_before_s);
    write_instant(w, "not_after", cert->not_after_s);
    troth_json_end_object(w);
}

static void write_signature(struct troth_json_writer *w,
                            const struct troth_image_report *report)
{
    troth_json_write_key(w, "signature");
    if (!report->view->facts.is_signed) {
        troth_json_write_null(w);
        return;
    }
    troth_json_begin_object(w);
    troth_image_json_bool(w, "good", report->view->facts.signature_good);
    troth_image_json_text(w, "algorithm",
                          troth_signature_facts(report->signature.algorithm).text);
    write_certificate(w, &report->certificate);
    troth_json_end_object(w);
}

static void write_ramdisks(struct troth_json_writer *w,
                           const struct troth_image_report *report)
{
    troth_json_write_key(w, "ramdisks");
    troth_json_begin_array(w);
    for (size_t i = 0; i < report->ramdisk_count; i++) {
        const struct troth_ramdisk_report *row = &report->ramdisks[i];

        troth_json_begin_object(w);
        troth_image_json_text(w, "unknown_because", row->why[0] ? row->why : NULL);
        troth_image_json_number(w, "files", row->files);
        troth_image_json_number(w, "folders", row->folders);
        troth_image_json_number(w, "links", row->links);
        troth_image_json_number(w, "others", row->others);
        troth_image_json_number(w, "bytes", row->bytes);
        troth_json_end_object(w);
    }
    troth_json_end_array(w);
}

static void write_finding(struct troth_json_writer *w,
                          const struct troth_surface_finding *finding)
{
    troth_json_begin_object(w);
    troth_image_json_number(w, "count", finding->count);
    troth_json_write_key(w, "paths");
    troth_json_begin_array(w);
    for (size_t i = 0; i < finding->named; i++)
        troth_json_write_string(w, finding->paths[i]);
    troth_json_end_array(w);
    troth_json_end_object(w);
}

static void write_surface(struct troth_json_writer *w,
                          const struct troth_image_report *report)
{
    const struct troth_surface *surface = &report->surface;

    troth_json_write_key(w, "surface");
    troth_json_begin_object(w);
    troth_image_json_bool(w, "complete", report->is_whole);
    troth_image_json_number(w, "files", surface->files);
    troth_image_json_number(w, "bytes", surface->bytes);
    troth_image_json_number(w, "programs", surface->programs);
    troth_image_json_number(w, "program_bytes", surface->program_bytes);
    troth_image_json_number(w, "libraries", surface->libraries);
    troth_image_json_number(w, "library_bytes", surface->library_bytes);
    troth_image_json_number(w, "scripts", surface->scripts);
    for (int kind = 0; kind < TROTH_SURFACE_COUNT; kind++) {
        troth_json_write_key(w, troth_surface_name((enum troth_surface_kind)kind));
        write_finding(w, &surface->findings[kind]);
    }
    troth_json_end_object(w);
}

static void write_words(struct troth_json_writer *w, const char *key,
                        const struct troth_run_words *words)
{
    troth_json_write_key(w, key);
    troth_json_begin_array(w);
    for (size_t i = 0; i < words->count; i++)
        troth_json_write_text(w, words->rows[i]);
    troth_json_end_array(w);
}

static void write_run(struct troth_json_writer *w,
                      const struct troth_image_report *report)
{
    const struct troth_run_file *run = &report->run;

    troth_json_write_key(w, "run");
    if (report->run_text.len == 0 && !report->run_why[0]) {
        troth_json_write_null(w);
        return;
    }
    troth_json_begin_object(w);
    troth_image_json_text(w, "unknown_because",
                          report->run_why[0] ? report->run_why : NULL);
    write_words(w, "program", &run->program);
    troth_image_json_text(w, "user", run->user);
    troth_image_json_text(w, "listen", run->listen);
    troth_image_json_text(w, "upstream", run->upstream);
    troth_image_json_text(w, "upstream_outside", run->upstream_outside);
    write_words(w, "outbound", &run->outbound);
    write_words(w, "outbound_plain", &run->outbound_plain);
    troth_json_end_object(w);
}

static void write_report(struct troth_json_writer *w, const void *state)
{
    const struct troth_image_report *report = state;
    const struct troth_image_facts *facts = &report->view->facts;

    troth_json_begin_object(w);
    troth_image_json_text(w, "image", report->view->name);
    troth_image_json_number(w, "size", facts->eif.size);
    troth_image_json_hex(w, "sha256",
                         (struct troth_span){facts->sha256, sizeof facts->sha256});
    write_header(w, &facts->eif);
    write_sections(w, &facts->eif);
    write_registers(w, facts);
    troth_image_json_span(w, "command_line", report->cmdline);
    write_metadata(w, report->metadata);
    write_signature(w, report);
    write_ramdisks(w, report);
    write_surface(w, report);
    write_run(w, report);
    troth_json_end_object(w);
}

bool troth_image_show_json_print(struct troth_problem *problem,
                                 const struct troth_image_report *report)
{
    return troth_image_json_print(problem, write_report, report);
}

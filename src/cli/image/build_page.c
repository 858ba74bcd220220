/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/image/build_page.h"

#include <stdio.h>
#include <string.h>

#include "base/writer.h"

enum { MARGIN = 2, COLUMN = 22 };

static void print_hex(struct troth_page *page, const char *name, struct troth_span value)
{
    uint8_t hex[96];
    struct troth_writer w = troth_writer_over(hex, sizeof hex);

    troth_page_column(page, MARGIN);
    troth_page_say(page, TROTH_STYLE_PLAIN, name);
    troth_page_column(page, COLUMN);
    troth_write_hex(&w, value);
    troth_page_text(page, TROTH_STYLE_BOLD, troth_writer_span(&w));
    troth_page_end_line(page);
}

static void print_number(struct troth_page *page, const char *name, uint64_t bytes)
{
    char text[64];

    troth_page_column(page, MARGIN);
    troth_page_say(page, TROTH_STYLE_PLAIN, name);
    troth_page_column(page, COLUMN);
    (void)snprintf(text, sizeof text, "%llu bytes", (unsigned long long)bytes);
    troth_page_say(page, TROTH_STYLE_PLAIN, text);
    troth_page_end_line(page);
}

static void print_measurements(struct troth_page *page,
                               const struct troth_measurements *measurements)
{
    for (size_t i = 0; i < measurements->count; i++) {
        const struct troth_measurement *row = &measurements->rows[i];

        if (row->len > 0) {
            print_hex(page, row->claim, (struct troth_span){row->value, row->len});
            continue;
        }
        troth_page_column(page, MARGIN);
        troth_page_say(page, TROTH_STYLE_PLAIN, row->claim);
        troth_page_column(page, COLUMN);
        troth_page_say(page, TROTH_STYLE_DIM, row->covers);
        troth_page_end_line(page);
    }
}

/* How the parts are called that are measured one by one. */
static void print_sizes(struct troth_page *page, const struct troth_build_result *result)
{
    const struct troth_eif *eif = &result->image.facts.eif;
    static const char *const ramdisks[] = {"base ramdisk", "application ramdisk"};
    size_t ramdisk = 0;

    for (size_t i = 0; i < eif->count; i++) {
        const struct troth_eif_section *section = &eif->sections[i];

        if (section->kind == TROTH_EIF_KERNEL)
            print_number(page, "kernel", section->size);
        else if (section->kind == TROTH_EIF_RAMDISK && ramdisk < 2)
            print_number(page, ramdisks[ramdisk++], section->size);
    }
    print_number(page, "in all", eif->size);
}

static void print_files(struct troth_page *page, const struct troth_build_output *output)
{
    const size_t len = strlen(output->path);
    const char *slash = len > 0 && output->path[len - 1] == '/' ? "" : "/";
    char text[4096];

    for (unsigned i = 0; i < output->count; i++) {
        (void)snprintf(text, sizeof text, "%s%s%s", output->path, slash,
                       output->files[i].name);
        troth_page_column(page, MARGIN);
        troth_page_say(page, TROTH_STYLE_PLAIN, text);
        troth_page_end_line(page);
    }
}

void troth_build_page_print(struct troth_page *page,
                            const struct troth_build_result *result,
                            const struct troth_build_output *output)
{
    const struct troth_image_facts *facts = &result->image.facts;

    troth_page_say(page, TROTH_STYLE_BOLD, result->file->name);
    troth_page_say(page, TROTH_STYLE_PLAIN, ", version ");
    troth_page_say(page, TROTH_STYLE_PLAIN, result->file->version);
    troth_page_end_line(page);
    troth_page_end_line(page);
    print_measurements(page, &result->nitro);
    print_measurements(page, &result->snp);
    print_measurements(page, &result->tdx);
    troth_page_end_line(page);
    print_hex(page, "SHA-256", (struct troth_span){facts->sha256, sizeof facts->sha256});
    print_sizes(page, result);
    troth_page_end_line(page);
    troth_page_say(page, TROTH_STYLE_PLAIN, "written:");
    troth_page_end_line(page);
    print_files(page, output);
}

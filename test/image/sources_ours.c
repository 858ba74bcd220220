/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the sources make of folders, archives and packages, for sources_test.py.
 *
 * usage: sources-ours [--write-cpio FILE] (KIND ARGUMENT…)…
 *   folder PATH | tar PATH | gzip PATH | layer PATH | package PATH | program PATH AT
 *   oci PATH REFERENCE | merged
 *
 * Each fills one tree. Prints a line an entry: kind, mode, owner, group, size, digest,
 * path and target in hex; or "problem", and what it is, with exit status 1.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "builder/sources.h"
#include "image/cpio.h"
#include "image/oci.h"

/* A bomb need not be larger to be one. */
#define UNPACKED_MAX ((uint64_t)64 * 1024 * 1024)

struct run {
    struct troth_file_tree *tree;
    struct troth_spool *spool;
    struct troth_build_problem problem;
    size_t row;
};

static bool fail(struct run *run, const char *text)
{
    return troth_build_fail(&run->problem, "sources-ours", "%s", text);
}

static bool add_tar(struct run *run, const char *path, int packing,
                    enum troth_tar_manner manner)
{
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    uint8_t digest[32];
    const struct troth_tar_input input = {path,   file,         packing,
                                          manner, UNPACKED_MAX, digest};
    const bool good = troth_source_tar(run->tree, &run->problem, run->spool, &input,
                                       run->row);

    (void)close(file);
    return good;
}

static bool add(struct run *run, char **words)
{
    const char *const kind = words[0], *const path = words[1];
    uint8_t digest[32];

    if (strcmp(kind, "merged") == 0)
        return troth_source_merged_usr(run->tree, &run->problem, run->row);
    if (strcmp(kind, "tar") == 0)
        return add_tar(run, path, TROTH_OCI_PLAIN, TROTH_TAR_FILES);
    if (strcmp(kind, "gzip") == 0)
        return add_tar(run, path, TROTH_OCI_GZIP, TROTH_TAR_FILES);
    if (strcmp(kind, "layer") == 0)
        return add_tar(run, path, TROTH_OCI_PLAIN, TROTH_TAR_LAYER);

    /* Contents are read at the end: it stays open as long as the program runs. */
    const int file = open(path, O_RDONLY | O_CLOEXEC);

    if (file < 0)
        return fail(run, "cannot be opened");
    if (strcmp(kind, "folder") == 0)
        return troth_source_folder(run->tree, &run->problem, path, file, run->row);
    if (strcmp(kind, "package") == 0)
        return troth_source_package(run->tree, &run->problem, run->spool, path, file,
                                    run->row);
    if (strcmp(kind, "program") == 0) {
        const struct troth_program_input input = {path, file, words[2], false};

        return troth_source_program(run->tree, &run->problem, &input, run->row);
    }
    if (strcmp(kind, "oci") == 0) {
        const struct troth_oci_input input = {path, file, words[2], false, digest};

        return troth_source_oci(run->tree, &run->problem, run->spool, &input, run->row);
    }
    return fail(run, "knows no such kind");
}

static size_t words_of(const char *kind)
{
    if (strcmp(kind, "merged") == 0)
        return 1;
    return strcmp(kind, "program") == 0 || strcmp(kind, "oci") == 0 ? 3 : 2;
}

static void print_hex(const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        printf("%02x", bytes[i]);
}

static void write_all(FILE *out, const uint8_t *bytes, size_t len)
{
    if (out && len && fwrite(bytes, 1, len, out) != len)
        exit(3);
}

/* The content's digest; and to the archive, if there is one. */
static bool pass(struct run *run, const struct troth_tree_entry *row, FILE *archive)
{
    static uint8_t piece[100000];
    struct troth_content_reader reader;
    EVP_MD_CTX *const sum = EVP_MD_CTX_new();
    uint8_t digest[32];
    size_t got = 1;
    bool good = troth_content_open(&reader, &run->problem, row) &&
                EVP_DigestInit_ex(sum, EVP_sha256(), NULL) > 0;

    while (good && got) {
        good = troth_content_read(&reader, &run->problem, piece, sizeof(piece), &got) &&
               EVP_DigestUpdate(sum, piece, got) > 0;
        write_all(archive, piece, good ? got : 0);
    }
    if (good && EVP_DigestFinal_ex(sum, digest, NULL) > 0)
        print_hex(digest, sizeof(digest));
    troth_content_close(&reader);
    EVP_MD_CTX_free(sum);
    return good;
}

static bool print_one(struct run *run, const struct troth_tree_entry *row,
                      struct troth_cpio_writer *writer, FILE *archive)
{
    static const uint8_t zeros[4];
    const struct troth_entry *const entry = &row->entry;
    uint8_t member[TROTH_CPIO_MEMBER_MAX];
    size_t len;

    if (archive && troth_cpio_write_member(writer, member, &len, entry, 1000000000))
        return fail(run, "cannot be written as a member");
    write_all(archive, member, archive ? len : 0);
    printf("%s\t%o\t%u\t%u\t%llu\t", troth_entry_kind_name(entry->kind), entry->mode,
           entry->user, entry->group, (unsigned long long)entry->size);
    if (entry->kind == TROTH_ENTRY_FILE && !pass(run, row, archive))
        return false;
    printf("\t");
    print_hex(entry->path.ptr, entry->path.len);
    printf("\t");
    print_hex(entry->target.ptr, entry->target.len);
    printf("\n");
    write_all(archive, entry->target.ptr, entry->target.len);
    write_all(archive, zeros, troth_cpio_padding(entry));
    return true;
}

static bool print_all(struct run *run, FILE *archive)
{
    struct troth_cpio_writer writer = {0};
    uint8_t end[TROTH_CPIO_MEMBER_MAX + TROTH_CPIO_ALIGNMENT];
    uint64_t size = 0;
    size_t len;

    if (!troth_file_tree_finish(run->tree, &run->problem))
        return false;
    for (size_t i = 0; i < troth_file_tree_count(run->tree); i++) {
        const struct troth_tree_entry *const row = troth_file_tree_at(run->tree, i);

        size += troth_cpio_member_size(&row->entry);
        if (!print_one(run, row, &writer, archive))
            return false;
    }
    troth_cpio_write_end(&writer, end, &len);
    write_all(archive, end, len);
    if (writer.written != size + troth_cpio_end_size(size) && archive)
        return fail(run, "has counted its bytes wrongly");
    return true;
}

static bool run_all(struct run *run, int argc, char **argv)
{
    FILE *archive = NULL;
    bool good = true;
    int i = 1;

    if (argc > 2 && strcmp(argv[1], "--write-cpio") == 0) {
        archive = fopen(argv[2], "wb");
        if (!archive)
            return fail(run, "cannot write the archive");
        i = 3;
    }
    for (; good && i < argc; i += (int)words_of(argv[i])) {
        if (argc - i < (int)words_of(argv[i]))
            return fail(run, "wants more words");
        good = add(run, argv + i);
    }
    good = good && print_all(run, archive);
    if (archive && fclose(archive))
        good = fail(run, "cannot write the archive");
    return good;
}

int main(int argc, char **argv)
{
    struct run run = {.tree = troth_file_tree_create(), .row = 1};
    bool good = run.tree && troth_spool_create(&run.spool, &run.problem) &&
                run_all(&run, argc, argv);

    if (!good)
        printf("problem\t%s\t%s\t%s\n", run.problem.subject, run.problem.text,
               run.problem.hint);
    troth_file_tree_destroy(run.tree);
    troth_spool_destroy(run.spool);
    return good ? 0 : 1;
}

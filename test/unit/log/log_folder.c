/* SPDX-License-Identifier: Apache-2.0 */
#include "test/unit/log/log_folder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "log/reader.h"
#include "test/harness.h"
#include "tlog/checkpoint.h"
#include "tlog/note_write.h"
#include "troth/provider.h"

#define ORIGIN "log.example/one"

static struct {
    struct troth_crypto crypto;
    struct troth_signer signer;
    char verifier_key[256];
    char folder[64];
    char paths[4][256];
    unsigned path;
    struct troth_log_config config;
    struct troth_log_writer_options options;
    struct troth_log_problem problem;
} world;

void test_log_setup(void)
{
    static uint8_t pem[TROTH_SIGNER_PEM_ROOM];
    struct troth_note_key key = {TROTH_LITERAL(ORIGIN), TROTH_NOTE_ED25519, {0}};
    struct troth_writer w = troth_writer_over((uint8_t *)world.verifier_key,
                                              sizeof world.verifier_key - 1);
    size_t pem_len;

    if (troth_provider_create(&world.crypto) ||
        troth_signer_generate_ed25519(&world.signer, pem, &pem_len))
        abort();
    memcpy(key.bytes, world.signer.key.point.ptr, sizeof key.bytes);
    if (troth_note_key_write(&w, &world.crypto, &key))
        abort();
}

static void run(const char *const *words)
{
    const pid_t child = fork();
    int status;

    if (child == 0) {
        (void)execvp(words[0], (char *const *)words);
        _exit(127);
    }
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
        abort();
}

void test_log_finish(void)
{
    if (world.folder[0])
        run((const char *const[]){"rm", "-rf", world.folder, NULL});
    troth_signer_destroy(&world.signer);
    troth_provider_destroy(&world.crypto);
}

const struct troth_crypto *test_log_crypto(void)
{
    return &world.crypto;
}

const struct troth_signer *test_log_signer(void)
{
    return &world.signer;
}

const char *test_log_fresh(void)
{
    if (world.folder[0])
        run((const char *const[]){"rm", "-rf", world.folder, NULL});
    (void)snprintf(world.folder, sizeof world.folder, "/tmp/troth-log-XXXXXX");
    if (!mkdtemp(world.folder))
        abort();
    world.config = (struct troth_log_config){
        .origin = ORIGIN, .log_key = world.verifier_key, .interval_ms = 20};
    memcpy(world.config.public_key, world.signer.key.point.ptr,
           sizeof world.config.public_key);
    world.options = (struct troth_log_writer_options){.folder = world.folder,
                                                      .config = &world.config,
                                                      .signer = &world.signer,
                                                      .crypto = &world.crypto,
                                                      .no_timer = true};
    return world.folder;
}

const char *test_log_at(const char *name)
{
    char *path = world.paths[world.path++ % COUNT(world.paths)];

    (void)snprintf(path, sizeof world.paths[0], "%s/%s", world.folder, name);
    return path;
}

void test_log_copy(const char *from, const char *to)
{
    run((const char *const[]){"cp", "-a", test_log_at(from), test_log_at(to), NULL});
}

void test_log_remove(const char *name)
{
    run((const char *const[]){"rm", "-rf", test_log_at(name), NULL});
}

struct troth_log_config *test_log_config(void)
{
    return &world.config;
}

struct troth_log_writer_options *test_log_options(void)
{
    return &world.options;
}

struct troth_log_writer *test_log_open(int wanted)
{
    struct troth_log_writer *writer;

    world.problem = (struct troth_log_problem){0};
    if (!CHECK_INT(troth_log_writer_open(&writer, &world.problem, &world.options),
                   wanted))
        printf("# %s\n", world.problem.text);
    CHECK((writer != NULL) == (world.problem.failed == 0));
    return writer;
}

const struct troth_log_problem *test_log_problem(void)
{
    return &world.problem;
}

struct troth_span test_log_entry(uint64_t index)
{
    static char texts[2][32];
    char *text = texts[index % 2];

    (void)snprintf(text, sizeof texts[0], "entry %llu", (unsigned long long)index);
    return test_text(text);
}

uint64_t test_log_append(struct troth_log_writer *writer, size_t count)
{
    struct troth_log_standing standing;
    struct troth_log_item *items = calloc(count, sizeof *items);
    char(*texts)[32] = calloc(count, sizeof *texts);
    uint64_t first = 0;

    if (!items || !texts)
        abort();
    troth_log_standing(&standing, writer);
    for (size_t i = 0; i < count; i++) {
        (void)snprintf(texts[i], sizeof texts[i], "entry %llu",
                       (unsigned long long)(standing.next + i));
        items[i].entry = test_text(texts[i]);
    }
    if (!CHECK_INT(troth_log_append(writer, &world.problem, &first, items, count), 0))
        printf("# %s\n", world.problem.text);
    CHECK_INT(first, standing.next);
    free(items);
    free(texts);
    return first;
}

void test_log_publish(struct troth_log_writer *writer, int wanted)
{
    if (!CHECK_INT(troth_log_publish(writer, &world.problem), wanted))
        printf("# %s\n", world.problem.text);
}

static int compare(void *state, uint64_t index, struct troth_span entry)
{
    uint64_t *count = state;

    if (index != *count || !CHECK_SPAN(entry, test_log_entry(index)))
        return EILSEQ;
    ++*count;
    return 0;
}

static bool audit(uint64_t *count, const struct troth_checkpoint *shown)
{
    static struct troth_edge edge;
    struct troth_log_tree tree = {.size = shown->size};
    struct troth_log_place place;
    struct troth_log_reader *reader;
    int failed;

    *count = 0;
    edge = (struct troth_edge){0};
    memcpy(tree.root.bytes, shown->root, sizeof tree.root.bytes);
    troth_log_place_folder(&place, world.folder);
    if (troth_log_reader_create(&reader, &place, &world.crypto) != 0)
        abort();
    failed = troth_log_reader_walk(reader, &world.problem, &edge, &tree, compare, count);
    troth_log_reader_destroy(reader);
    return CHECK_INT(failed, 0) && CHECK_INT(*count, tree.size);
}

uint64_t test_log_audit(void)
{
    struct troth_witness rows[TROTH_WITNESSES_MAX];
    struct troth_witnesses witnesses;
    struct troth_checkpoint shown;
    struct troth_file file;
    struct troth_fault fault;
    uint64_t count = UINT64_MAX;
    bool is_right;

    if (troth_log_checkpoint_read(&file, &world.problem, world.folder) == ENOENT)
        return 0;
    troth_log_config_witnesses(&witnesses, rows, &world.config);
    is_right = CHECK_ERR(troth_checkpoint_check(&shown, &fault,
                                                (struct troth_span){file.bytes, file.len},
                                                &witnesses, &world.crypto),
                         TROTH_OK);
    if (is_right)
        is_right = audit(&count, &shown);
    troth_file_release(&file);
    if (!is_right)
        printf("# %s\n", world.problem.text);
    return is_right ? count : UINT64_MAX;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/image_file.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/span.h"
#include "image/eif_signature.h"
#include "test/harness.h"
#include "troth/provider.h"

#define MIB        ((size_t)1024 * 1024)
#define LARGE_SIZE (3 * MIB + 4321)

static struct troth_crypto crypto;
static char folder[] = "/tmp/troth-image-write-XXXXXX";
static int folder_open = -1;

static int unnamed_file(void)
{
    char path[] = "/tmp/troth-image-XXXXXX";
    const int file = mkstemp(path);

    (void)unlink(path);
    return file;
}

static void write_in_folder(const char *name, size_t len, unsigned seed)
{
    const int file = openat(folder_open, name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    uint8_t *bytes = malloc(len + 1);

    for (size_t i = 0; i < len; i++)
        bytes[i] = (uint8_t)((i + seed) * 2654435761U >> 13);
    if (write(file, bytes, len) != (ssize_t)len)
        abort();
    free(bytes);
    (void)close(file);
}

static void add(struct troth_file_tree *tree, const struct troth_entry *entry,
                const struct troth_content *content)
{
    struct troth_build_problem problem;

    if (!CHECK(troth_file_tree_add(tree, &problem, entry, content, 0, TROTH_TREE_REFUSE)))
        (void)fprintf(stderr, "# %s: %s\n", problem.subject, problem.text);
}

static void add_text(struct troth_file_tree *tree, const char *path, const char *text)
{
    const struct troth_content content = {.descriptor = -1,
                                          .bytes = (const uint8_t *)text};

    add(tree,
        &(struct troth_entry){.kind = TROTH_ENTRY_FILE,
                              .path = test_text(path),
                              .mode = 0755,
                              .size = strlen(text)},
        &content);
}

static void add_file(struct troth_file_tree *tree, const char *path, const char *name,
                     size_t size)
{
    const struct troth_content content = {.descriptor = folder_open, .path = name};

    add(tree,
        &(struct troth_entry){.kind = TROTH_ENTRY_FILE,
                              .path = test_text(path),
                              .mode = 04755,
                              .user = 7,
                              .group = 8,
                              .size = size},
        &content);
}

/* Two trees, and what else an image needs. */
struct fixture {
    struct troth_file_tree *trees[2];
    struct troth_image_parts parts;
    int kernel;
};

static struct fixture fixture_make(void)
{
    struct fixture f = {{troth_file_tree_create(), troth_file_tree_create()},
                        {.aarch64 = false},
                        openat(folder_open, "kernel", O_RDONLY)};
    const struct troth_content none = {.descriptor = -1};

    add_text(f.trees[0], "init", "the first process");
    add_text(f.trees[1], "rootfs/bin/empty", "");
    add_file(f.trees[1], "rootfs/bin/large", "large", LARGE_SIZE);
    add_file(f.trees[1], "rootfs/odd", "odd", 5);
    add(f.trees[1],
        &(struct troth_entry){.kind = TROTH_ENTRY_SYMLINK,
                              .path = test_text("rootfs/lib"),
                              .mode = 0777,
                              .target = test_text("usr/lib")},
        &none);
    for (size_t i = 0; i < 2; i++)
        CHECK(troth_file_tree_finish(f.trees[i], NULL));
    f.parts = (struct troth_image_parts){.kernel = f.kernel,
                                         .cmdline = test_text("console=ttyS0"),
                                         .metadata = test_text("{}"),
                                         .ramdisks = {f.trees[0], f.trees[1]},
                                         .time_s = 315532800};
    return f;
}

static void fixture_release(struct fixture *f)
{
    troth_file_tree_destroy(f->trees[0]);
    troth_file_tree_destroy(f->trees[1]);
    (void)close(f->kernel);
}

static struct troth_span contents_of(int file)
{
    const off_t len = lseek(file, 0, SEEK_END);
    uint8_t *bytes = malloc((size_t)len + 1);

    if (pread(file, bytes, (size_t)len, 0) != len)
        abort();
    return (struct troth_span){bytes, (size_t)len};
}

static void check_digest(const uint8_t *seen, enum troth_hash hash,
                         struct troth_parts parts)
{
    uint8_t wanted[TROTH_HASH_MAX];

    CHECK_ERR(crypto.ops->digest(crypto.state, wanted, hash, parts), TROTH_OK);
    CHECK_SPAN(((struct troth_span){seen, troth_hash_size(hash)}),
               ((struct troth_span){wanted, troth_hash_size(hash)}));
}

/* Everything that was said while writing, against the file in memory. */
static void check_written(const struct troth_image_written *written,
                          struct troth_span bytes)
{
    static uint8_t memory[TROTH_EIF_SIGNATURE_ROOM];
    static const enum troth_eif_kind kinds[] = {TROTH_EIF_KERNEL, TROTH_EIF_CMDLINE,
                                                TROTH_EIF_METADATA, TROTH_EIF_RAMDISK,
                                                TROTH_EIF_RAMDISK};
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    uint8_t pcrs[TROTH_PCR_COUNT][TROTH_PCR_SIZE];
    struct troth_eif eif;

    CHECK_ERR(troth_eif_read(&eif, NULL, bytes), TROTH_OK);
    CHECK_INT(eif.count, COUNT(kinds));
    for (size_t i = 0; i < eif.count && i < COUNT(kinds); i++)
        CHECK_INT(eif.sections[i].kind, kinds[i]);
    CHECK_INT(eif.version, 4);
    CHECK_ERR(troth_pcrs_of_eif(pcrs, NULL, &crypto, &eif, bytes, &arena), TROTH_OK);
    CHECK(memcmp(pcrs, written->facts.pcrs, sizeof(pcrs)) == 0);
    check_digest(written->facts.sha256, TROTH_SHA256, (struct troth_parts){&bytes, 1});

    const struct troth_span kernel = troth_eif_data(&eif, bytes, 0);
    const struct troth_span initrd[] = {troth_eif_data(&eif, bytes, 3),
                                        troth_eif_data(&eif, bytes, 4)};

    check_digest(written->kernel_sha256, TROTH_SHA256, (struct troth_parts){&kernel, 1});
    check_digest(written->initrd_sha256, TROTH_SHA256, (struct troth_parts){initrd, 2});
    check_digest(written->initrd_sha384, TROTH_SHA384, (struct troth_parts){initrd, 2});
    CHECK_INT(written->kernel_size, kernel.len);
    CHECK_INT(written->initrd_size, initrd[0].len + initrd[1].len);
    CHECK_SPAN(troth_eif_data(&eif, bytes, 1), test_text("console=ttyS0"));
    CHECK_SPAN(troth_eif_data(&eif, bytes, 2), test_text("{}"));
}

struct told {
    uint64_t last, total;
    bool backwards;
};

static void tell(void *state, uint64_t done, uint64_t total)
{
    struct told *told = state;

    told->backwards = told->backwards || done < told->last || done > total;
    told->last = done;
    told->total = total;
}

static void written(void)
{
    struct fixture f = fixture_make();
    struct troth_image_written first, again;
    struct troth_build_problem problem = {.text = ""};
    struct told told = {0, 0, false};
    const int files[2] = {unnamed_file(), unnamed_file()};
    struct troth_span bytes[2];

    test_case("what is said of an image is what is in the file");
    f.parts.progress = tell;
    f.parts.state = &told;
    CHECK(troth_image_write(&first, &problem, &crypto, files[0], &f.parts));
    CHECK_TEXT(problem.text, "");
    bytes[0] = contents_of(files[0]);
    check_written(&first, bytes[0]);

    test_case("progress goes forwards, to the end");
    CHECK(!told.backwards);
    CHECK_INT(told.last, told.total);
    CHECK_INT(told.total, 2 * bytes[0].len);

    test_case("the same again, without what nobody asks for");
    f.parts.no_initrd_digests = true;
    f.parts.progress = NULL;
    CHECK(troth_image_write(&again, &problem, &crypto, files[1], &f.parts));
    bytes[1] = contents_of(files[1]);
    CHECK(troth_span_equal(bytes[0], bytes[1]));
    CHECK(memcmp(&first.facts, &again.facts, sizeof(first.facts)) == 0);
    CHECK_INT(again.initrd_sha384[0] | again.initrd_sha384[47], 0);

    for (size_t i = 0; i < 2; i++) {
        free((void *)bytes[i].ptr);
        (void)close(files[i]);
    }
    fixture_release(&f);
}

/* ---- digests of files, on their way ---- */

struct asked {
    uint8_t large[32], empty[32];
    unsigned others;
};

static uint8_t *digest_of(void *state, const struct troth_tree_entry *entry)
{
    struct asked *asked = state;

    if (troth_span_equal(entry->entry.path, test_text("rootfs/bin/large")))
        return asked->large;
    if (troth_span_equal(entry->entry.path, test_text("rootfs/bin/empty")))
        return asked->empty;
    asked->others++;
    return NULL;
}

static void digested(void)
{
    struct fixture f = fixture_make();
    const int file = unnamed_file(), large = openat(folder_open, "large", O_RDONLY);
    const struct troth_span bytes = contents_of(large), nothing = {NULL, 0};
    struct troth_build_problem problem = {.text = ""};
    struct troth_image_written out;
    struct asked asked = {.others = 0};
    struct troth_span image;

    test_case("files that somebody asks for are digested as they are written");
    f.parts.digest_of = digest_of;
    f.parts.state = &asked;
    CHECK(troth_image_write(&out, &problem, &crypto, file, &f.parts));
    CHECK_TEXT(problem.text, "");
    check_digest(asked.large, TROTH_SHA256, (struct troth_parts){&bytes, 1});
    check_digest(asked.empty, TROTH_SHA256, (struct troth_parts){&nothing, 1});
    CHECK_INT(asked.others, 2); /* init and odd: no folder, and no link */
    image = contents_of(file);
    check_written(&out, image);

    free((void *)image.ptr);
    free((void *)bytes.ptr);
    (void)close(large);
    (void)close(file);
    fixture_release(&f);
}

/* ---- what goes wrong ---- */

static void spoil_file(struct fixture *f, int file)
{
    (void)f;
    (void)!write(file, "x", 1);
}

static void spoil_time(struct fixture *f, int file)
{
    (void)file;
    f->parts.time_s = -1;
}

static void spoil_late_time(struct fixture *f, int file)
{
    (void)file;
    f->parts.time_s = (int64_t)1 << 32;
}

static void spoil_source(struct fixture *f, int file)
{
    (void)f;
    (void)file;
    write_in_folder("odd", 6, 1);
}

static void spoil_source_gone(struct fixture *f, int file)
{
    (void)f;
    (void)file;
    (void)unlinkat(folder_open, "large", 0);
}

static void spoil_cmdline(struct fixture *f, int file)
{
    static uint8_t text[TROTH_EIF_CMDLINE_MAX + 1];

    (void)file;
    memset(text, 'x', sizeof(text));
    f->parts.cmdline = (struct troth_span){text, sizeof(text)};
}

static void spoil_kernel(struct fixture *f, int file)
{
    (void)file;
    f->parts.kernel = folder_open;
}

/* Room for the header, and a little more. */
static void spoil_room(struct fixture *f, int file)
{
    const struct rlimit limit = {2 * MIB, RLIM_INFINITY};

    (void)f;
    (void)file;
    (void)signal(SIGXFSZ, SIG_DFL); /* no pass hears of it */
    (void)setrlimit(RLIMIT_FSIZE, &limit);
}

static void spoil_reading(struct fixture *f, int file)
{
    char path[64];

    (void)f;
    (void)snprintf(path, sizeof(path), "/proc/self/fd/%d", file);

    const int writing = open(path, O_WRONLY);

    (void)dup2(writing, file);
    (void)close(writing);
}

static void refused(void)
{
    static const struct {
        const char *why;
        void (*spoil)(struct fixture *f, int file);
        const char *subject, *text;
    } rows[] = {
        {"a file with content", spoil_file, "the image", "a file with content"},
        {"a time before 1970", spoil_time, "time", "1970"},
        {"a time behind 2106", spoil_late_time, "time", "2106"},
        {"a source that has grown", spoil_source, "rootfs/odd", "has changed"},
        {"a source that is gone", spoil_source_gone, "rootfs/bin/large", "opened"},
        {"a long command line", spoil_cmdline, "the image", "eif."},
        {"a kernel that is a folder", spoil_kernel, "the kernel", "is no file"},
        {"no room", spoil_room, "the image", "cannot be written"},
        {"a file that cannot be read", spoil_reading, "the image", "cannot be read"},
    };
    const struct rlimit none = {RLIM_INFINITY, RLIM_INFINITY};

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct fixture f = fixture_make();
        const int file = unnamed_file();
        struct troth_image_written out;
        struct troth_build_problem problem = {.text = ""};
        static const struct troth_image_written zeros;

        test_case("refused: %s", rows[i].why);
        rows[i].spoil(&f, file);
        CHECK(!troth_image_write(&out, &problem, &crypto, file, &f.parts));
        (void)setrlimit(RLIMIT_FSIZE, &none);
        if (!CHECK(strstr(problem.text, rows[i].text)))
            CHECK_TEXT(problem.text, rows[i].text);
        if (!CHECK(strstr(problem.subject, rows[i].subject)))
            CHECK_TEXT(problem.subject, rows[i].subject);
        CHECK(memcmp(&out, &zeros, sizeof(out)) == 0);
        fixture_release(&f);
        (void)close(file);
        write_in_folder("odd", 5, 1);
        write_in_folder("large", LARGE_SIZE, 2);
    }
}

int main(void)
{
    if (troth_provider_create(&crypto) || !mkdtemp(folder))
        return 1;
    folder_open = open(folder, O_RDONLY | O_DIRECTORY);
    write_in_folder("kernel", 2 * MIB + 77, 0);
    write_in_folder("odd", 5, 1);
    write_in_folder("large", LARGE_SIZE, 2);
    written();
    digested();
    refused();
    for (const char *const *name = (const char *const[]){"kernel", "odd", "large", NULL};
         *name; name++)
        (void)unlinkat(folder_open, *name, 0);
    (void)rmdir(folder);
    troth_provider_destroy(&crypto);
    return test_finish();
}

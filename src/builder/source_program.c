/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/sources.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cursor.h"
#include "base/span.h"

/* [ELF-64] "Object File Format", with the numbers that the specification gives. */
enum {
    HEADER_SIZE = 64,
    SEGMENT_SIZE = 56,
    SEGMENTS_MAX = 64, /* of a static program: less than ten */
    DYNAMIC_SIZE = 16,
    DYNAMIC_MAX = 256,
    TYPE_EXECUTABLE = 2,
    TYPE_SHARED = 3, /* programs that can lie anywhere have it, too */
    MACHINE_X86_64 = 62,
    MACHINE_AARCH64 = 183,
    SEGMENT_LOAD = 1,
    SEGMENT_DYNAMIC = 2,
    SEGMENT_INTERPRETER = 3,
    FLAG_EXECUTE = 1,
    TAG_END = 0,
    TAG_NEEDED = 1
};

struct program {
    struct troth_build_problem *problem;
    const char *name;
    int file;
    uint64_t size;
    uint64_t entry, segments_at;
    size_t segment_count;
    bool has_entry;
};

struct segment {
    uint32_t type, flags;
    uint64_t offset, address, file_size, memory_size;
};

static bool fail(const struct program *program, const char *text)
{
    return troth_build_fail(program->problem, program->name, "%s", text);
}

static bool read_at(const struct program *program, uint8_t *out, size_t len, uint64_t at)
{
    size_t done = 0;

    if (at > program->size || len > program->size - at)
        return fail(program, "is a damaged ELF program");
    while (done < len) {
        const ssize_t got = pread(program->file, out + done, len - done,
                                  (off_t)(at + done));

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return troth_build_fail_errno(program->problem, program->name,
                                          "cannot be read", errno);
        if (got == 0)
            return fail(program, "has changed while it was read");
        done += (size_t)got;
    }
    return true;
}

/* 64 bits, little-endian, version 1; a program; for this machine. */
static bool read_header(struct program *program, bool aarch64)
{
    static const uint8_t magic[] = {0x7f, 'E', 'L', 'F', 2, 1, 1};
    uint8_t bytes[HEADER_SIZE];
    struct troth_cursor c = troth_cursor_over((struct troth_span)TROTH_ARRAY_SPAN(bytes));
    uint16_t type, machine, segment_size;

    if (program->size < sizeof(bytes))
        return fail(program, "is no ELF program");
    if (!read_at(program, bytes, sizeof(bytes), 0))
        return false;
    if (!troth_span_starts_with((struct troth_span)TROTH_ARRAY_SPAN(bytes),
                                (struct troth_span)TROTH_ARRAY_SPAN(magic)))
        return fail(program, "is no ELF program of 64 bits");
    (void)troth_cursor_bytes(&c, 16, "ident");
    type = troth_cursor_u16le(&c, "type");
    machine = troth_cursor_u16le(&c, "machine");
    (void)troth_cursor_u32le(&c, "version");
    program->entry = troth_cursor_u64le(&c, "entry");
    program->segments_at = troth_cursor_u64le(&c, "phoff");
    (void)troth_cursor_bytes(&c, 8 + 4 + 2, "shoff, flags, ehsize");
    segment_size = troth_cursor_u16le(&c, "phentsize");
    program->segment_count = troth_cursor_u16le(&c, "phnum");

    if (machine != (aarch64 ? MACHINE_AARCH64 : MACHINE_X86_64))
        return fail(program,
                    aarch64 ? "is no program for aarch64" : "is no program for x86_64");
    if (type != TYPE_EXECUTABLE && type != TYPE_SHARED)
        return fail(program, "is an ELF file, but no program");
    if (segment_size != SEGMENT_SIZE || program->segment_count == 0 ||
        program->segment_count > SEGMENTS_MAX)
        return fail(program, "is a damaged ELF program");
    return true;
}

static bool read_segment(const struct program *program, struct segment *out, size_t i)
{
    uint8_t bytes[SEGMENT_SIZE];
    struct troth_cursor c = troth_cursor_over((struct troth_span)TROTH_ARRAY_SPAN(bytes));

    if (program->segments_at > program->size)
        return fail(program, "is a damaged ELF program");
    if (!read_at(program, bytes, sizeof(bytes), program->segments_at + i * sizeof(bytes)))
        return false;
    out->type = troth_cursor_u32le(&c, "type");
    out->flags = troth_cursor_u32le(&c, "flags");
    out->offset = troth_cursor_u64le(&c, "offset");
    out->address = troth_cursor_u64le(&c, "vaddr");
    (void)troth_cursor_u64le(&c, "paddr");
    out->file_size = troth_cursor_u64le(&c, "filesz");
    out->memory_size = troth_cursor_u64le(&c, "memsz");
    if (out->offset > program->size || out->file_size > program->size - out->offset)
        return fail(program, "is a damaged ELF program");
    return true;
}

/* A program that needs shared libraries has a list of them. */
static bool check_dynamic(const struct program *program, const struct segment *segment)
{
    for (uint64_t i = 0; i < segment->file_size / DYNAMIC_SIZE; i++) {
        uint8_t bytes[DYNAMIC_SIZE];
        struct troth_cursor c = troth_cursor_over(
            (struct troth_span)TROTH_ARRAY_SPAN(bytes));
        uint64_t tag;

        if (i == DYNAMIC_MAX)
            return fail(program, "is a damaged ELF program");
        if (!read_at(program, bytes, sizeof(bytes), segment->offset + i * DYNAMIC_SIZE))
            return false;
        tag = troth_cursor_u64le(&c, "tag");
        if (tag == TAG_NEEDED)
            return fail(program, "needs shared libraries");
        if (tag == TAG_END)
            break;
    }
    return true;
}

static bool check_segment(struct program *program, const struct segment *segment)
{
    switch (segment->type) {
    case SEGMENT_INTERPRETER:
        (void)fail(program, "is linked dynamically: it asks for a loader");
        troth_build_hint(program->problem, "link it with -static");
        return false;
    case SEGMENT_DYNAMIC:
        return check_dynamic(program, segment);
    case SEGMENT_LOAD:
        if (segment->memory_size < segment->file_size)
            return fail(program, "is a damaged ELF program");
        if ((segment->flags & FLAG_EXECUTE) && program->entry >= segment->address &&
            program->entry - segment->address < segment->file_size)
            program->has_entry = true;
        return true;
    default:
        return true;
    }
}

static bool check(struct program *program, bool aarch64)
{
    if (!read_header(program, aarch64))
        return false;
    for (size_t i = 0; i < program->segment_count; i++) {
        struct segment segment = {.type = 0};

        if (!read_segment(program, &segment, i) || !check_segment(program, &segment))
            return false;
    }
    return program->has_entry || fail(program, "is an ELF file that cannot be started");
}

bool troth_source_program(struct troth_file_tree *tree,
                          struct troth_build_problem *problem,
                          const struct troth_program_input *input, size_t row)
{
    struct program program = {
        .problem = problem, .name = input->name, .file = input->file};
    struct troth_entry entry = {.kind = TROTH_ENTRY_FILE, .mode = 0755};
    struct troth_content content = {.descriptor = input->file};
    uint8_t path[TROTH_ENTRY_PATH_MAX + 2];
    const struct troth_span wanted = troth_span_of_text(input->at);
    size_t len = 0;
    struct stat status;

    if (fstat(input->file, &status))
        return troth_build_fail_errno(problem, input->name, "cannot be read", errno);
    if (!S_ISREG(status.st_mode))
        return troth_build_fail(problem, input->name, "is no file");
    if (wanted.len > sizeof(path) || troth_entry_path_clean(path, &len, wanted) || !len)
        return troth_build_fail(problem, input->at, "is no path for a program");
    program.size = entry.size = (uint64_t)status.st_size;
    content.stamp = troth_content_stamp(&status);
    entry.path = (struct troth_span){path, len};
    return check(&program, input->aarch64) &&
           troth_file_tree_add(tree, problem, &entry, &content, row, TROTH_TREE_REFUSE);
}

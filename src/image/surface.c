/* SPDX-License-Identifier: Apache-2.0 */
#include "image/surface.h"

#include "base/arena.h"
#include "base/memory.h"
#include "base/span.h"

/* Of a mode. */
enum {
    SET_USER = 04000,
    SET_GROUP = 02000,
    STICKY = 01000,
    ANY_EXECUTES = 0111,
    OTHERS_WRITE = 0002
};

static const struct {
    const char *name, *title;
} kinds[] = {
#define X(id, name, title) {name, title},
    TROTH_SURFACE_KINDS(X)
#undef X
};

/* ---- where things are by their place ---- */

enum manner {
    BELOW, /* in this folder, or further down */
    IS,    /* this very path */
    ENDS,  /* the name ends so */
    HOLDS, /* the name has it inside, or at its end */
    NAMED  /* this very name */
};

/* The first that fits a kind decides; a row of `only` counts in such folders alone. */
static const struct {
    enum troth_surface_kind kind;
    enum manner manner;
    const char *text;
    const char *only; /* some folder above has this name; NULL: anywhere */
} places[] = {
    {TROTH_SURFACE_SERVICE, ENDS, ".service", "systemd"},
    {TROTH_SURFACE_SERVICE, ENDS, ".socket", "systemd"},
    {TROTH_SURFACE_SERVICE, ENDS, ".timer", "systemd"},
    {TROTH_SURFACE_SERVICE, BELOW, "etc/init.d/", NULL},
    {TROTH_SURFACE_SERVICE, BELOW, "etc/xinetd.d/", NULL},
    {TROTH_SURFACE_SERVICE, IS, "etc/inetd.conf", NULL},
    {TROTH_SURFACE_SERVICE, IS, "etc/inittab", NULL},
    {TROTH_SURFACE_SERVICE, IS, "etc/crontab", NULL},
    {TROTH_SURFACE_SERVICE, BELOW, "etc/cron.", NULL},
    {TROTH_SURFACE_MODULE, ENDS, ".ko", NULL},
    {TROTH_SURFACE_MODULE, HOLDS, ".ko.", NULL},
    {TROTH_SURFACE_PRIVATE_KEY, NAMED, "id_rsa", NULL},
    {TROTH_SURFACE_PRIVATE_KEY, NAMED, "id_dsa", NULL},
    {TROTH_SURFACE_PRIVATE_KEY, NAMED, "id_ecdsa", NULL},
    {TROTH_SURFACE_PRIVATE_KEY, NAMED, "id_ed25519", NULL},
    {TROTH_SURFACE_PRIVATE_KEY, ENDS, "_key", "ssh"},
    {TROTH_SURFACE_PRIVATE_KEY, ENDS, ".key", NULL},
    {TROTH_SURFACE_PRIVATE_KEY, ENDS, ".p12", NULL},
    {TROTH_SURFACE_PRIVATE_KEY, ENDS, ".pfx", NULL},
    {TROTH_SURFACE_PRIVATE_KEY, ENDS, ".jks", NULL},
    {TROTH_SURFACE_PRIVATE_KEY, ENDS, ".keystore", NULL},
    {TROTH_SURFACE_MAYBE_KEY, ENDS, ".pem", NULL},
};

static struct troth_span name_of(struct troth_span path)
{
    for (size_t i = path.len; i > 0; i--)
        if (path.ptr[i - 1] == '/')
            return troth_span_slice(path, i, path.len);
    return path;
}

/* As the program sees it: without the folder that becomes the root. */
static struct troth_span inside(struct troth_span path)
{
    const struct troth_span root = troth_span_of_text("rootfs/");

    return troth_span_starts_with(path, root) ? troth_span_slice(path, root.len, path.len)
                                              : path;
}

static bool ends_with(struct troth_span text, struct troth_span end)
{
    return text.len > end.len &&
           troth_span_equal(troth_span_slice(text, text.len - end.len, text.len), end);
}

static bool holds(struct troth_span text, struct troth_span part)
{
    for (size_t i = 1; i + part.len <= text.len; i++)
        if (troth_span_equal(troth_span_slice(text, i, i + part.len), part))
            return true;
    return false;
}

static bool fits(enum manner manner, struct troth_span path, const char *text)
{
    const struct troth_span wanted = troth_span_of_text(text);

    switch (manner) {
    case BELOW:
        return path.len > wanted.len && troth_span_starts_with(path, wanted);
    case IS:
        return troth_span_equal(path, wanted);
    case ENDS:
        return ends_with(name_of(path), wanted);
    case HOLDS:
        return holds(name_of(path), wanted);
    case NAMED:
        return troth_span_equal(name_of(path), wanted);
    }
    return false;
}

static bool is_below(struct troth_span path, const char *folder)
{
    struct troth_span left = path;
    const struct troth_span name = name_of(path);

    while (folder && left.len > name.len)
        if (troth_span_is_text(troth_span_next_item(&left, '/'), folder))
            return true;
    return !folder;
}

static uint32_t of_place(struct troth_span path)
{
    uint32_t found = 0;

    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        if (fits(places[i].manner, path, places[i].text) &&
            is_below(path, places[i].only))
            found |= 1U << places[i].kind;
    return found;
}

/* ---- what they are by their contents ---- */

static bool starts(struct troth_span start, const char *text)
{
    return troth_span_starts_with(start, troth_span_of_text(text));
}

/* Of what the name says: a file in PEM says itself what it holds. */
static uint32_t corrected(uint32_t found, struct troth_span start)
{
    const uint32_t keys = 1U << TROTH_SURFACE_PRIVATE_KEY | 1U << TROTH_SURFACE_MAYBE_KEY;

    if (!starts(start, "-----BEGIN "))
        return found;
    found &= ~keys;
    return holds(start, troth_span_of_text("PRIVATE KEY"))
               ? found | 1U << TROTH_SURFACE_PRIVATE_KEY
               : found;
}

static void count_content(struct troth_surface *s, const struct troth_entry *entry,
                          struct troth_span start)
{
    const bool executes = (entry->mode & ANY_EXECUTES) != 0;

    s->files++;
    s->bytes += entry->size;
    if (starts(start, "\177ELF")) {
        *(executes ? &s->programs : &s->libraries) += 1;
        *(executes ? &s->program_bytes : &s->library_bytes) += entry->size;
    } else if (executes && starts(start, "#!")) {
        s->scripts++;
    }
}

/* ---- kinds of entries ---- */

static uint32_t of_file(const struct troth_entry *entry, struct troth_span start)
{
    const struct troth_span path = inside(entry->path);
    uint32_t found = corrected(of_place(path), start);

    if (entry->mode & ANY_EXECUTES)
        found |= troth_surface_of_program(name_of(path));
    /* Without the right to execute it, nothing runs with anybody's. */
    if (entry->mode & SET_USER && entry->mode & ANY_EXECUTES)
        found |= 1U << TROTH_SURFACE_SET_USER;
    if (entry->mode & SET_GROUP && entry->mode & ANY_EXECUTES)
        found |= 1U << TROTH_SURFACE_SET_GROUP;
    if (entry->mode & OTHERS_WRITE)
        found |= 1U << TROTH_SURFACE_WRITABLE;
    return found;
}

static uint32_t of_folder(const struct troth_entry *entry)
{
    /* In a sticky one, each keeps what is his. */
    return entry->mode & OTHERS_WRITE && !(entry->mode & STICKY)
               ? 1U << TROTH_SURFACE_WRITABLE
               : 0;
}

/* By such a name a program that is called otherwise can be started. */
static uint32_t of_link(const struct troth_entry *entry)
{
    const uint32_t of_program = troth_surface_of_program(name_of(entry->path));
    const struct troth_span path = inside(entry->path);

    return is_below(path, "bin") || is_below(path, "sbin") ? of_program : 0;
}

static uint32_t judge(struct troth_surface *s, const struct troth_entry *entry,
                      struct troth_span start)
{
    switch (entry->kind) {
    case TROTH_ENTRY_FILE:
        count_content(s, entry, start);
        return of_file(entry, start);
    case TROTH_ENTRY_FOLDER:
        s->folders++;
        return of_folder(entry);
    case TROTH_ENTRY_SYMLINK:
    case TROTH_ENTRY_HARD_LINK:
        s->links++;
        return of_link(entry);
    case TROTH_ENTRY_NONE:
    case TROTH_ENTRY_DEVICE:
    case TROTH_ENTRY_PIPE:
    case TROTH_ENTRY_SOCKET:
        break;
    }
    s->others++;
    return 0;
}

static void note(struct troth_surface *s, struct troth_surface_finding *finding,
                 struct troth_span path)
{
    uint8_t *copy = NULL;

    finding->count++;
    if (finding->named < TROTH_SURFACE_NAMED && path.len > 0)
        copy = troth_arena_take_unset(s->arena, path.len, 1);
    if (!copy)
        return;
    memcpy(copy, path.ptr, path.len);
    finding->paths[finding->named++] = (struct troth_span){copy, path.len};
}

void troth_surface_add(struct troth_surface *surface, const struct troth_entry *entry,
                       struct troth_span start)
{
    const uint32_t found = judge(surface, entry, start);

    for (unsigned kind = 0; kind < TROTH_SURFACE_COUNT; kind++)
        if (found & 1U << kind)
            note(surface, &surface->findings[kind], entry->path);
}

const char *troth_surface_name(enum troth_surface_kind kind)
{
    return kinds[kind].name;
}

const char *troth_surface_title(enum troth_surface_kind kind)
{
    return kinds[kind].title;
}

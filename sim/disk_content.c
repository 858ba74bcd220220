/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/disk_content.h"

#include <stdlib.h>
#include <string.h>

#include "sim/bytes.h"

static size_t pages_of(uint64_t size)
{
    return (size_t)((size + SIM_DISK_PAGE - 1) / SIM_DISK_PAGE);
}

static void *take_memory(size_t count, size_t size)
{
    void *made = calloc(count ? count : 1, size);

    if (!made)
        sim_die("out of memory");
    return made;
}

static void drop_page(struct sim_page **page, struct sim_room *room)
{
    if (!*page)
        return;
    if (room)
        room->used--;
    if (--(*page)->uses == 0)
        free(*page);
    *page = NULL;
}

static void set_count(struct sim_content *content, struct sim_room *room, size_t count)
{
    struct sim_page **pages;

    for (size_t i = count; i < content->count; i++)
        drop_page(&content->pages[i], room);
    if (count == content->count)
        return;
    pages = take_memory(count, sizeof(void *));
    if (content->count > 0)
        memcpy(pages, content->pages,
               (count < content->count ? count : content->count) * sizeof(void *));
    free(content->pages);
    content->pages = pages;
    content->count = count;
}

/* A page that nobody else has; NULL: no room is left. */
static struct sim_page *own(struct sim_page **page, struct sim_room *room)
{
    struct sim_page *made;

    if (*page && (*page)->uses == 1)
        return *page;
    if (!*page && room && room->most && room->used >= room->most)
        return NULL;
    made = take_memory(1, sizeof *made);
    made->uses = 1;
    if (*page) {
        memcpy(made->bytes, (*page)->bytes, sizeof made->bytes);
        (*page)->uses--;
    } else if (room) {
        room->used++;
    }
    *page = made;
    return made;
}

size_t sim_content_read(const struct sim_content *content, uint8_t *out, size_t len,
                        uint64_t at)
{
    size_t done = 0;

    if (at >= content->size)
        return 0;
    if (len > content->size - at)
        len = (size_t)(content->size - at);
    while (done < len) {
        const size_t index = (size_t)((at + done) / SIM_DISK_PAGE);
        const size_t offset = (size_t)((at + done) % SIM_DISK_PAGE);
        const size_t left = len - done;
        const size_t part = left < SIM_DISK_PAGE - offset ? left : SIM_DISK_PAGE - offset;

        if (index < content->count && content->pages[index])
            memcpy(out + done, content->pages[index]->bytes + offset, part);
        else
            memset(out + done, 0, part);
        done += part;
    }
    return done;
}

size_t sim_content_write(struct sim_content *content, struct sim_room *room,
                         const uint8_t *bytes, size_t len, uint64_t at)
{
    size_t done = 0;

    if (pages_of(at + len) > content->count)
        set_count(content, room, pages_of(at + len));
    while (done < len) {
        const size_t offset = (size_t)((at + done) % SIM_DISK_PAGE);
        const size_t left = len - done;
        const size_t part = left < SIM_DISK_PAGE - offset ? left : SIM_DISK_PAGE - offset;
        struct sim_page *page = own(&content->pages[(at + done) / SIM_DISK_PAGE], room);

        if (!page)
            break;
        memcpy(page->bytes + offset, bytes + done, part);
        done += part;
    }
    if (done > 0 && content->size < at + done)
        content->size = at + done;
    return done;
}

bool sim_content_resize(struct sim_content *content, struct sim_room *room, uint64_t size)
{
    const size_t offset = (size_t)(size % SIM_DISK_PAGE);
    const size_t last = (size_t)(size / SIM_DISK_PAGE);

    /* What is beyond the end must not be seen again when it grows. */
    if (size < content->size && offset && last < content->count && content->pages[last]) {
        struct sim_page *page = own(&content->pages[last], room);

        if (!page)
            return false;
        memset(page->bytes + offset, 0, SIM_DISK_PAGE - offset);
    }
    set_count(content, room, pages_of(size));
    content->size = size;
    return true;
}

void sim_content_clear(struct sim_content *content, struct sim_room *room)
{
    for (size_t i = 0; i < content->count; i++)
        drop_page(&content->pages[i], room);
    free(content->pages);
    *content = (struct sim_content){.size = 0};
}

void sim_content_share(struct sim_content *out, const struct sim_content *content)
{
    out->size = content->size;
    out->count = content->count;
    out->pages = take_memory(content->count, sizeof(void *));
    for (size_t i = 0; i < content->count; i++) {
        out->pages[i] = content->pages[i];
        if (out->pages[i])
            out->pages[i]->uses++;
    }
}

/* splitmix64: good enough for coins. */
uint64_t sim_disk_chance(uint64_t *seed)
{
    uint64_t mixed;

    if (*seed == 0)
        return 0;
    mixed = *seed += 0x9e3779b97f4a7c15;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    return mixed ^ (mixed >> 31);
}

static void tear_page(struct sim_page **kept, const struct sim_page *now, uint64_t *seed)
{
    const uint64_t coins = sim_disk_chance(seed);
    struct sim_page *page = own(kept, NULL);

    for (size_t i = 0; i < SIM_DISK_PAGE / SIM_DISK_SECTOR; i++) {
        uint8_t *sector = page->bytes + i * SIM_DISK_SECTOR;

        if (!(coins >> i & 1))
            continue;
        if (now)
            memcpy(sector, now->bytes + i * SIM_DISK_SECTOR, SIM_DISK_SECTOR);
        else
            memset(sector, 0, SIM_DISK_SECTOR);
    }
}

void sim_content_tear(struct sim_content *kept, const struct sim_content *now,
                      uint64_t *seed)
{
    if (*seed == 0)
        return;
    if (kept->size != now->size && sim_disk_chance(seed) & 1)
        (void)sim_content_resize(kept, NULL, now->size);
    for (size_t i = 0; i < kept->count; i++) {
        const struct sim_page *page = i < now->count ? now->pages[i] : NULL;

        if (kept->pages[i] != page)
            tear_page(&kept->pages[i], page, seed);
    }
    /* No write reaches beyond the end that the file has. */
    (void)sim_content_resize(kept, NULL, kept->size);
}

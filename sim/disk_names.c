/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/disk_names.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "sim/bytes.h"
#include "sim/disk_content.h"

struct sim_disk_name *sim_names_find(const struct sim_disk_names *names, const char *text)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->list[i].text, text) == 0)
            return &names->list[i];
    return NULL;
}

void sim_names_set(struct sim_disk_names *names, const char *text, uint64_t number)
{
    struct sim_disk_name *there = sim_names_find(names, text);
    struct sim_disk_name *list;

    if (there) {
        there->number = number;
        return;
    }
    list = realloc(names->list, (names->count + 1) * sizeof *list);
    if (!list)
        sim_die("out of memory");
    names->list = list;
    list[names->count] = (struct sim_disk_name){strdup(text), number};
    if (!list[names->count++].text)
        sim_die("out of memory");
}

void sim_names_drop(struct sim_disk_names *names, const char *text)
{
    struct sim_disk_name *there = sim_names_find(names, text);

    if (!there)
        return;
    free(there->text);
    names->count--;
    memmove(there, there + 1,
            (size_t)(names->list + names->count - there) * sizeof *there);
}

void sim_names_clear(struct sim_disk_names *names)
{
    for (size_t i = 0; i < names->count; i++)
        free(names->list[i].text);
    free(names->list);
    *names = (struct sim_disk_names){.count = 0};
}

void sim_names_copy(struct sim_disk_names *out, const struct sim_disk_names *names)
{
    sim_names_clear(out);
    for (size_t i = 0; i < names->count; i++)
        sim_names_set(out, names->list[i].text, names->list[i].number);
}

/* Of each name by itself a coin says whether its change was kept. */
void sim_names_tear(struct sim_disk_names *kept, const struct sim_disk_names *now,
                    uint64_t *seed)
{
    if (*seed == 0)
        return;
    for (size_t i = kept->count; i-- > 0;)
        if (!sim_names_find(now, kept->list[i].text) && sim_disk_chance(seed) & 1)
            sim_names_drop(kept, kept->list[i].text);
    for (size_t i = 0; i < now->count; i++) {
        const struct sim_disk_name *there = sim_names_find(kept, now->list[i].text);

        if ((!there || there->number != now->list[i].number) && sim_disk_chance(seed) & 1)
            sim_names_set(kept, now->list[i].text, now->list[i].number);
    }
}

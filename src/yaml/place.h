/* place.h - where in a document libyaml's events come from, in bytes. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_YAML_PLACE_H
#define TROTH_YAML_PLACE_H

#include <yaml.h>

#include "codec/tree.h"

/* libyaml counts characters, troth_place bytes; start from a zeroed one with a source. */
struct troth_yaml_places {
    struct troth_span source;
    size_t characters, bytes; /* so far; events come in the document's order */
    size_t line_start;        /* in bytes */
    uint32_t lines;           /* ended before line_start */
};

/*
 * Is the document UTF-8 without a byte order mark, without control characters but tab
 * and line feed (carriage return before it), without the line ends that only Unicode
 * knows? Else the offset of the first that is not, and why.
 */
bool troth_yaml_characters_are_plain(size_t *out_offset, const char **out_why,
                                     struct troth_span source);

struct troth_place troth_yaml_place(struct troth_yaml_places *places, size_t character);
struct troth_place troth_yaml_place_of_byte(struct troth_yaml_places *places,
                                            size_t offset);

/* The first byte of that character; 0 at the end. */
uint8_t troth_yaml_character(struct troth_yaml_places *places, size_t character);

/* Of a scalar that starts at `place`: text_place of its node. */
struct troth_place troth_yaml_text_place(struct troth_yaml_places *places,
                                         const yaml_event_t *event,
                                         struct troth_place place);

#endif

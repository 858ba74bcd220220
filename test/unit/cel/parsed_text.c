/* SPDX-License-Identifier: Apache-2.0 */
#include "parsed_text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

static char text[1 << 16];
static size_t length;

static void add(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void add(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    const int len = vsnprintf(text + length, sizeof text - length, format, arguments);
    va_end(arguments);
    if (len > 0 && (size_t)len < sizeof text - length)
        length += (size_t)len;
}

static void add_span(const char *before, struct troth_span span)
{
    add("%s%.*s", before, (int)span.len, span.ptr ? (const char *)span.ptr : "");
}

/* Between quotes; what is not printable as \xNN. */
static void add_quoted(const char *before, struct troth_span span)
{
    add("%s", before);
    for (size_t i = 0; i < span.len; i++)
        if (span.ptr[i] < ' ' || span.ptr[i] > '~' || span.ptr[i] == '\'')
            add("\\x%02x", span.ptr[i]);
        else
            add("%c", span.ptr[i]);
    add("'");
}

static void add_literal(const struct troth_cel_value *value)
{
    if (value->kind == TROTH_CEL_NULL)
        add("null");
    else if (value->kind == TROTH_CEL_BOOL)
        add("%s", value->as.boolean ? "true" : "false");
    else if (value->kind == TROTH_CEL_INT)
        add("%" PRId64, value->as.integer);
    else if (value->kind == TROTH_CEL_UINT)
        add("%" PRIu64 "u", value->as.number);
    else if (value->kind == TROTH_CEL_DOUBLE)
        add("%#.17g", value->as.real);
    else if (value->kind == TROTH_CEL_STRING)
        add_quoted("'", value->as.text);
    else if (value->kind == TROTH_CEL_BYTES)
        add_quoted("b'", value->as.text);
    else
        add("<no literal>");
}

static void add_entered(const struct troth_cel_node *node)
{
    if (node->is_optional)
        add("?");
    if (node->kind == TROTH_CEL_NODE_LITERAL)
        add_literal(&node->literal);
    else if (node->kind == TROTH_CEL_NODE_NAME)
        add_span(node->is_absolute ? "." : "", node->text);
    else if (node->kind == TROTH_CEL_NODE_SELECT)
        add("%s", node->is_test ? "(has " : "(select ");
    else if (node->kind == TROTH_CEL_NODE_CALL)
        add_span(node->is_member     ? "(."
                 : node->is_absolute ? "(absolute "
                                     : "(",
                 node->text);
    else if (node->kind == TROTH_CEL_NODE_LOOP)
        add_span("(loop ", node->text);
    else if (node->kind == TROTH_CEL_NODE_LET)
        add_span("(let ", node->text);
    else
        add("%s", node->kind == TROTH_CEL_NODE_LIST ? "[" : "{");
    if (node->second.len)
        add_span(" ", node->second);
    if (node->first_child && node->kind >= TROTH_CEL_NODE_CALL &&
        node->kind != TROTH_CEL_NODE_LIST && node->kind != TROTH_CEL_NODE_MAP)
        add(" ");
}

static void add_left(const struct troth_cel_node *node)
{
    if (node->kind == TROTH_CEL_NODE_SELECT)
        add_span(" ", node->text);
    if (node->kind == TROTH_CEL_NODE_LIST)
        add("]");
    else if (node->kind == TROTH_CEL_NODE_MAP)
        add("}");
    else if (node->kind != TROTH_CEL_NODE_LITERAL && node->kind != TROTH_CEL_NODE_NAME)
        add(")");
}

const char *parsed_text(const struct troth_cel_tree *tree)
{
    struct troth_cel_walk walk = troth_cel_walk_over(tree, tree->root);

    length = 0;
    text[0] = 0;
    while (troth_cel_walk_next(&walk)) {
        const struct troth_cel_node *node = &tree->nodes[walk.node];

        if (walk.step == TROTH_CEL_ENTER)
            add_entered(node);
        else if (walk.step == TROTH_CEL_LEAVE)
            add_left(node);
        else if (node->kind == TROTH_CEL_NODE_MAP && walk.child % 2 == 0)
            add(": ");
        else
            add("%s", node->kind == TROTH_CEL_NODE_MAP ? ", " : " ");
    }
    return text;
}

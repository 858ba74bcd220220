/* log_folder.h - a log in a temporary folder: its key, its writer, and what it holds. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_LOG_FOLDER_H
#define TROTH_TEST_LOG_FOLDER_H

#include "log/folder.h"
#include "log/writer.h"

/* Once per process. */
void test_log_setup(void);
void test_log_finish(void);
const struct troth_crypto *test_log_crypto(void);
const struct troth_signer *test_log_signer(void);

/* A new empty folder, the one before it gone; lives until the next. */
const char *test_log_fresh(void);
/* "FOLDER/NAME"; lives until the next but three. */
const char *test_log_at(const char *name);
/* `cp -a` and `rm -r`, of folders and files in the folder. */
void test_log_copy(const char *from, const char *to);
void test_log_remove(const char *name);

/* Of a log without witnesses, whose checkpoints are made by troth_log_publish() alone;
 * change it as the test needs. */
struct troth_log_config *test_log_config(void);
struct troth_log_writer_options *test_log_options(void);

/* 0 and a writer, or the errno; the problem is printed if it is not `wanted`. */
struct troth_log_writer *test_log_open(int wanted);
const struct troth_log_problem *test_log_problem(void);

/* "entry N" of each, in one go; the index of the first. */
uint64_t test_log_append(struct troth_log_writer *writer, size_t count);
struct troth_span test_log_entry(uint64_t index);
void test_log_publish(struct troth_log_writer *writer, int wanted);

/* The size that is shown, once every hash and entry of it has been checked, and that
 * entries are "entry N"; 0: none; UINT64_MAX and a failed check: it is wrong. */
uint64_t test_log_audit(void);

#endif

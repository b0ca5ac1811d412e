/*
 * report_file: the file of a report in the making, and the words round its
 * rows that all formats share.
 *
 * The file is PATH.part until it is whole and on the disk.
 */
#ifndef KVITOK_OUT_REPORT_FILE_H
#define KVITOK_OUT_REPORT_FILE_H

#include "kvitok/port/report_writer.h"

enum report_label {
#define WORD(id, text) REPORT_LABEL_##id,
#include "kvitok/out/report_words.def"
#undef WORD
	REPORT_LABEL__COUNT
};

struct report_target {
	const char *path, *part;
	int fd; /* -1: closed */
	int64_t pos;
	char *held; /* bytes that are not written yet */
	size_t held_len;
};

/* Gives: the words. */
struct str report_label(enum report_label x);

/* Begin PATH.part, in the place of one that was left.
 * Fails: ERR_AGAIN file_not_written; so do the others. */
KV_MUST_CHECK enum err report_target_open(
    struct arena *a, struct str path, struct report_target *t, struct fault *f);
KV_MUST_CHECK enum err report_target_put(
    struct report_target *t, struct str bytes, struct fault *f);
/* Write over what stands at an offset. */
KV_MUST_CHECK enum err report_target_patch(
    struct report_target *t, int64_t offset, struct str bytes, struct fault *f);
/*
 * Put the file in its place, or after rc remove it.
 * Gives: rc, or the failure; out->size and digest.
 */
KV_MUST_CHECK enum err report_target_end(struct report_target *t, enum err rc,
    struct report_file *out, struct fault *f);
/* Remove the file in the making. */
void report_target_drop(struct report_target *t);
/* Say that it cannot be written, with the system's own word. */
enum err report_target_fail(
    const struct report_target *t, const char *what, struct fault *f);

#define REPORT_PAIRS_MAX (REPORT_FILTER__COUNT + 6)

/* «Период»: «01.11.2026 — 30.11.2026». */
struct report_pair {
	struct str name, value;
};

/* Gives: how many pairs stand before the rows, in a. */
size_t report_pairs(struct arena *a, const struct report_head *head,
    struct report_pair out[REPORT_PAIRS_MAX]);

/* Makers of each format, as report_press. */
KV_MUST_CHECK enum err report_csv_open(struct arena *a,
    const struct report_head *head, struct str path, struct report_writer *out,
    struct fault *f);
KV_MUST_CHECK enum err report_xml_open(struct arena *a,
    const struct report_head *head, struct str path, struct report_writer *out,
    struct fault *f);
KV_MUST_CHECK enum err report_xlsx_open(struct arena *a,
    const struct report_head *head, struct str path, struct report_writer *out,
    struct fault *f);
KV_MUST_CHECK enum err report_pdf_open(struct arena *a,
    const struct report_head *head, struct str path, struct report_writer *out,
    struct fault *f);
KV_MUST_CHECK enum err report_dbf_open(struct arena *a,
    const struct report_head *head, struct str path, struct report_writer *out,
    struct fault *f);

/* Gives: the port; it has no state. */
struct report_press report_press_of(void);

#endif

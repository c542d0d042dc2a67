/* work.h - works as a bibliography names them: articles, books, pages, datasets.
 *
 * Contrast: passage.h finds which works state or support something; cite.c writes them as footnotes and BibTeX.
 * Owns:     all lives in the arena of the tt_sources.
 * Threads:  as the sources.
 * Fails:    as the sources; what the data do not tell is empty.
 * Tests:    tests/cli/why.sh
 *
 * BIBO, DCTERMS, schema.org, FOAF, DC and FaBiO are read, each field from the first of its predicates that has a value.
 */
#ifndef TT_EVIDENCE_WORK_H
#define TT_EVIDENCE_WORK_H

#include "evidence/passage.h"

/** An author or editor. */
typedef struct tt_creator {
	tt_view name;    /* as the data have it: "Zhao, J." or "Rashid Alimov" */
	bool is_body;    /* an organisation: never cut into first and last name */
	double position; /* schema:position, else 0 */
} tt_creator;

typedef enum tt_work_kind {
	TT_WORK_OTHER,
	TT_WORK_ARTICLE,
	TT_WORK_BOOK,
	TT_WORK_CHAPTER,
	TT_WORK_PAPER, /* in proceedings */
	TT_WORK_THESIS,
	TT_WORK_REPORT,
	TT_WORK_PAGE, /* of the Web */
	TT_WORK_DATASET,
	TT_N_WORK_KINDS
} tt_work_kind;

/** Texts are empty where nothing is told. */
typedef struct tt_work {
	tt_term node;
	tt_work_kind kind;
	tt_view label; /* what the data call it for short: "R3" */
	tt_view title;
	tt_creator *authors, *editors;
	size_t n_authors, n_editors;
	tt_view year; /* four digits */
	tt_view date; /* more exactly, if known: 2019-03-14 */
	tt_view container, publisher, volume, issue, pages, doi, url, isbn, issn;
} tt_work;

TT_CHECKED tt_status tt_work_find(tt_sources *sources, const tt_term *node, tt_work *out);

/** The dataset that all the data are of, for graphs of which nothing is told: the only one, or the one that is no part
 * of another. @param out_node Kind TT_TERM_NONE: there is none, or it is not clear. */
TT_CHECKED tt_status tt_work_find_dataset(tt_sources *sources, tt_term *out_node);

#endif

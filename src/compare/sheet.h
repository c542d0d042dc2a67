/* sheet.h - a comparison as a person reads it: sections, rows, cells of named values.
 *
 * Contrast: compare.h has the matrix of ids; table.c markdown.c html.c latex.c only set what stands here.
 * Owns:     all lives in the arena of the comparison.
 * Threads:  as the comparison.
 * Fails:    a status.
 * Tests:    tests/unit/test_compare.c, tests/compare/
 */
#ifndef TT_COMPARE_SHEET_H
#define TT_COMPARE_SHEET_H

#include "compare/compare.h"

typedef struct tt_sheet_item {
	tt_view text;      /* nothing in it acts on a terminal */
	tt_view whole;     /* of a claim in a list: its label */
	tt_view brief;     /* the same without what is told of it; empty: there is no less */
	tt_view marks;     /* evidence, or empty */
	tt_view iri;       /* of a resource, or empty */
	bool is_contested; /* by another claim: ! */
	bool is_doubtful;  /* an anomaly is told of it: ? */
	bool is_double;    /* another item of the row has the same text */
	tt_id id;
	tt_view order; /* items stand in the order of these, then of their texts */
} tt_sheet_item;

typedef struct tt_sheet_cell {
	tt_view lead; /* stands before the items: "both" */
	tt_sheet_item *items;
	size_t n_items, capacity;
	uint64_t n_all;    /* of which n_items are named here */
	bool is_uncounted; /* how many there are is nothing to tell */
} tt_sheet_cell;

typedef struct tt_sheet_row {
	tt_view name;
	tt_view note;
	tt_sheet_cell shared; /* what all things of the row have, or what is no thing's own */
	tt_sheet_cell *own;   /* one a thing, or NULL */
	bool is_major;        /* explains a finding */
	bool is_minor;        /* tells again, or aside, what another row tells */
} tt_sheet_row;

typedef enum tt_section_kind {
	TT_SECTION_FINDINGS, /* comparisons that the data hold */
	TT_SECTION_CLAIMS,   /* lists of claims, by property */
	TT_SECTION_AXES,     /* claims by dimension */
	TT_SECTION_EQUAL,
	TT_SECTION_DIFFER,
	TT_SECTION_ONLY,
	TT_SECTION_BOOKKEEPING
} tt_section_kind;

typedef struct tt_sheet_section {
	tt_section_kind kind;
	tt_view title;
	bool has_columns; /* some rows have cells of each thing */
	tt_sheet_row *rows;
	size_t n_rows, capacity;
} tt_sheet_section;

/** A finding by itself, for writers that give it a line. */
typedef struct tt_sheet_finding {
	tt_view dimension, standing, holder, stated_in, against;
} tt_sheet_finding;

typedef struct tt_sheet {
	tt_view names[TT_COMPARE_MOST_THINGS];
	tt_view full_names[TT_COMPARE_MOST_THINGS]; /* another name that tells more, or empty */
	tt_sheet_section *sections;
	size_t n_sections, capacity;
	tt_sheet_finding *findings;
	size_t n_findings;
	tt_view left_out; /* names of properties that are not shown, with commas between */
} tt_sheet;

TT_CHECKED tt_status tt_sheet_make(tt_compare *compare, tt_sheet *out);

/** findings.c: the section of comparisons, and each by itself. */
TT_CHECKED tt_status tt_sheet_add_findings(tt_compare *compare, tt_sheet *sheet);
/** findings.c: the section of claims by dimension. */
TT_CHECKED tt_status tt_sheet_add_axes(tt_compare *compare, tt_sheet *sheet);

/* What both files build with. */
TT_CHECKED tt_status tt_sheet_add_section(tt_compare *compare, tt_sheet *sheet, tt_section_kind kind, tt_view title,
                                          tt_sheet_section **out);
TT_CHECKED tt_status tt_sheet_add_row(tt_compare *compare, tt_sheet_section *section, tt_view name, bool has_own,
                                      tt_sheet_row **out);
TT_CHECKED tt_status tt_sheet_add_item(tt_compare *compare, tt_sheet_cell *cell, const tt_sheet_item *item);
/** A claim as an item: its label, its place in a list, its evidence. */
TT_CHECKED tt_status tt_sheet_claim_item(tt_compare *compare, const tt_compare_claim *claim, tt_sheet_item *out);
/** Sort the items, and let equal ones show in what they differ. */
TT_CHECKED tt_status tt_sheet_settle(tt_compare *compare, tt_sheet_row *row);
/** Formatted text in the arena. */
TT_CHECKED tt_status tt_sheet_print(tt_compare *compare, tt_view *out, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/** The names of some things, given as bits: "RATS, ATC". */
TT_CHECKED tt_status tt_sheet_things(tt_compare *compare, const tt_sheet *sheet, unsigned things, tt_view *out);

#endif

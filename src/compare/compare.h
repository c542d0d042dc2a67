/* compare.h - the matrix of a comparison: things, rows of one property each, cells of values; and the claims.
 *
 * A comparison is made in steps, each a file: names become things (engine/resolve.h), statements become rows
 * (matrix.c), values are judged equal or not (value.c), claims are understood (claims.c), evidence is fetched for what
 * is shown (evidence.c). Writers for machines (csv.c json.c rdf.c) take the matrix as it is. Writers for people
 * (table.c markdown.c html.c latex.c) take the sheet that sheet.c makes of it. sparql.c asks others for the same rows.
 *
 * Contrast: exec/ computes rows of any query; this asks one fixed question, with bounds on what it reads.
 * Owns:     all lives in the arena of the tt_compare.
 * Threads:  as the database.
 * Fails:    a status; the detail is in ctx.
 * Tests:    tests/unit/test_compare.c, tests/compare/
 */
#ifndef TT_COMPARE_COMPARE_H
#define TT_COMPARE_COMPARE_H

#include "base/output.h"
#include "engine/label.h"

enum {
	TT_COMPARE_MOST_READ = 100000, /* values of one cell that are read; beyond, they are only counted */
	TT_COMPARE_MOST_PARENTS = 256, /* that a path leads to from one thing */
	TT_COMPARE_MOST_CLOSURE = 64,  /* terms that a role may have */
	TT_COMPARE_MOST_DETAILS = 4,   /* facts that are told of a structured value in a cell */
	TT_COMPARE_MOST_DEPTH = 5      /* of structured values, also of blank nodes that are told apart */
};

#define TT_ROLE(name, iri, second, is_class) TT_ROLE_##name,
typedef enum tt_role {
#include "compare/roles.def"
	TT_N_ROLES
} tt_role;
#undef TT_ROLE

/** How the values of a property compare. */
typedef enum tt_verdict {
	TT_VERDICT_EQUAL,  /* all things have the same values */
	TT_VERDICT_DIFFER, /* all have some, not the same */
	TT_VERDICT_ONLY    /* not all have any */
} tt_verdict;
/** "equal", "differ", "only". */
const char *tt_verdict_name(tt_verdict verdict);

/** One value of a thing. Two values are equal if `same` is: 2 and 2.0, blank nodes with one description. */
typedef struct tt_compare_value {
	tt_id id;
	tt_id same;
	tt_id via;       /* whose statement it is, if the thing has it through a path; else TT_UNBOUND */
	unsigned owners; /* the things that have an equal one, as bits */
} tt_compare_value;

typedef struct tt_compare_cell {
	tt_compare_value *values; /* ascending by `same`, then by id; TT_COMPARE_MOST_READ at most */
	size_t n_values, capacity;
	uint64_t n_all; /* how many there are; more than n_values: the rest was not read */
} tt_compare_cell;

/** What a row is worth to a reader. */
typedef enum tt_row_kind {
	TT_ROW_FACT,
	TT_ROW_CLAIMS,     /* leads to claims by a property of its own, such as shortcomings */
	TT_ROW_CLAIM_LINK, /* what makes claims claims about the thing: told among the claims */
	TT_ROW_BOOKKEEPING /* types, labels, notes, evidence */
} tt_row_kind;

typedef struct tt_compare_row {
	tt_id property;
	bool is_inverse;
	tt_row_kind kind;
	tt_verdict verdict;
	bool is_dated;          /* its values happened at some time */
	bool is_retelling;      /* its values lead to what another row has: memberships to members */
	bool is_estimated;      /* too many values to be compared: told by their number */
	unsigned having;        /* the things that have a value, as bits */
	double rarity;          /* bits of information that having the property carries */
	tt_compare_cell *cells; /* one a thing */
	uint64_t n_shared;      /* different values that all things have */
	const char *note;       /* a difference in words ("B +12"), or NULL */
	tt_view name;           /* for people (sheet.c) */
} tt_compare_row;

typedef struct tt_id_list {
	tt_id *ids;
	size_t n_ids, capacity;
} tt_id_list;

typedef struct tt_compare_claim {
	tt_id id;
	unsigned about, ahead; /* things, as bits; about a parent is about the thing */
	unsigned about_itself; /* not only about a parent */
	tt_id_list about_ids;
	bool is_comparison;
	bool is_listed; /* a row of its kind leads to it */
	tt_id polarity, relation, holder, status;
	tt_id position; /* in a list of the study, or TT_UNBOUND */
	tt_id_list dimensions, stated_in, conflicts, flags;
} tt_compare_claim;

/** Comparisons that say the same along one dimension. */
typedef struct tt_compare_finding {
	tt_id dimension; /* TT_UNBOUND: none is told; then the claim's label says it */
	tt_id relation, holder;
	unsigned ahead, about;
	tt_id_list claims, stated_in, conflicts, flags;
} tt_compare_finding;

/** Claims along one dimension that compare nothing themselves. */
typedef struct tt_compare_axis {
	tt_id dimension;
	unsigned having;
	bool is_judged;     /* a finding has the same dimension */
	bool is_explaining; /* and it puts nobody ahead: the claims tell what the difference is */
	size_t *claims;     /* numbers of claims */
	size_t n_claims, capacity;
} tt_compare_axis;

typedef struct tt_compare {
	tt_db *db;
	const tt_prefixes *prefixes; /* of the database */
	const tt_compare_options *options;
	tt_ctx ctx;
	tt_arena arena;
	tt_snapshot *snapshot;
	tt_terms terms;
	tt_labels labels;

	tt_id *things;
	size_t n_things;
	tt_id_list *parents; /* of each thing, by the paths */
	tt_id_list properties;
	tt_verdict only_verdict; /* --only */
	unsigned only_having;    /* with TT_VERDICT_ONLY: of these things; 0: any */
	bool is_only;

	tt_id roles[TT_N_ROLES][TT_COMPARE_MOST_CLOSURE];
	size_t n_roles[TT_N_ROLES];
	tt_id type;    /* rdf:type */
	tt_id subject; /* dcterms:subject */

	tt_compare_row *rows; /* the most useful first, but for their sections */
	size_t n_rows, rows_capacity;
	tt_compare_claim *claims;
	size_t n_claims, claims_capacity;
	tt_map claims_by_id;
	tt_compare_finding *findings;
	size_t n_findings, findings_capacity;
	tt_compare_axis *axes;
	size_t n_axes, axes_capacity;
} tt_compare;

/* ---- reading (read.c) ------------------------------------------------------------------------------- */

/** Add an id at the end, unless it is there. */
TT_CHECKED tt_status tt_id_list_add(tt_arena *arena, tt_id_list *list, tt_id id);
bool tt_id_list_has(const tt_id_list *list, tt_id id);

/** Called for each property of a node. @param n_quads Exact but for what stands in several graphs. */
typedef tt_status (*tt_property_visit)(tt_compare *compare, void *user, tt_id property, uint64_t n_quads);
TT_CHECKED tt_status tt_compare_each_property(tt_compare *compare, tt_id node, bool is_inverse, tt_property_visit visit,
                                              void *user);
/** The values of a property, over all graphs, ascending and each once; @p n_most at most.
 * @param out_n_all May be NULL (then the rest is not counted). */
TT_CHECKED tt_status tt_compare_values_of(tt_compare *compare, tt_id node, tt_id property, bool is_inverse,
                                          size_t n_most, tt_id_list *out_values, uint64_t *out_n_all);
/** The values of all properties of a role. */
TT_CHECKED tt_status tt_compare_role_values(tt_compare *compare, tt_id node, tt_role role, tt_id_list *out_values);
/** The named graphs that hold a statement. */
TT_CHECKED tt_status tt_compare_graphs_of(tt_compare *compare, tt_id subject, tt_id property, tt_id object,
                                          tt_id_list *out_graphs);

/** Find what plays each role in these data. */
TT_CHECKED tt_status tt_compare_find_roles(tt_compare *compare);
bool tt_compare_has_role(const tt_compare *compare, tt_role role, tt_id id);

/* ---- values (value.c) ------------------------------------------------------------------------------- */

/** The id that all values equal to this one share. */
TT_CHECKED tt_status tt_compare_same(tt_compare *compare, tt_id id, tt_id *out_same);
/** The difference of two numbers or dates in words, or NULL. @param names Of the two things. */
TT_CHECKED tt_status tt_compare_difference(tt_compare *compare, tt_id a, tt_id b, const tt_view names[2],
                                           const char **out_note);
/** Whether an id is a date or time. */
TT_CHECKED tt_status tt_compare_is_date(tt_compare *compare, tt_id id, bool *out);

/* ---- steps ------------------------------------------------------------------------------------------ */

/** paths.c: the parents of the things. */
TT_CHECKED tt_status tt_compare_find_parents(tt_compare *compare);
/** paths.c: by what the things could inherit, and from whom, if the user names no path:
 * "org:subOrganizationOf: what SCO, CIS have"; or empty. After the rows. */
TT_CHECKED tt_status tt_compare_suggest_path(tt_compare *compare, tt_view *out);
/** matrix.c: all rows. */
TT_CHECKED tt_status tt_compare_make_rows(tt_compare *compare);
/** Judge a row whose cells have their values. @param out_is_wanted Whether the options ask for such a row. */
TT_CHECKED tt_status tt_compare_settle_row(tt_compare *compare, tt_compare_row *row, bool *out_is_wanted);
void tt_compare_sort_rows(tt_compare *compare);
/** How many bits it tells of a node that it has the property; and whether the property is worth telling at all. */
TT_CHECKED tt_status tt_compare_rarity(tt_compare *compare, tt_id property, bool is_inverse, double *out_bits);
TT_CHECKED tt_status tt_compare_is_detail(tt_compare *compare, tt_id property, bool *out);
/** claims.c: after the rows. */
TT_CHECKED tt_status tt_compare_make_claims(tt_compare *compare);
/** The claim of an id, or NULL if it is none that was read. */
tt_compare_claim *tt_compare_find_claim(const tt_compare *compare, tt_id id);

/** evidence.c: what states a value: the graphs of the statement, and of a value that tells it by itself, its passages,
 * first; then the references that it cites. */
typedef struct tt_compare_evidence {
	tt_id_list graphs, passages, references;
} tt_compare_evidence;
TT_CHECKED tt_status tt_compare_find_evidence(tt_compare *compare, size_t thing, const tt_compare_row *row,
                                              const tt_compare_value *value, tt_compare_evidence *out);
/** Passages and references of a claim. */
TT_CHECKED tt_status tt_compare_claim_evidence(tt_compare *compare, const tt_compare_claim *claim,
                                               tt_compare_evidence *out);
/** The names of passages and references, with spaces between. */
TT_CHECKED tt_status tt_compare_marks(tt_compare *compare, const tt_compare_evidence *evidence, tt_view *out);

/* ---- texts (text.c) --------------------------------------------------------------------------------- */

/** Whether arrows and dashes may be written. */
bool tt_compare_is_utf8(const tt_compare *compare);
/** The name of a resource: its label, else its short name; of a literal its text. Nothing in it acts on a terminal. */
TT_CHECKED tt_status tt_compare_name(tt_compare *compare, tt_id id, tt_view *out);
/** The same with its language tag or datatype, where there is one. */
TT_CHECKED tt_status tt_compare_full_name(tt_compare *compare, tt_id id, tt_view *out);
/** The name of a property as a row has it: "member of", "← member of". */
TT_CHECKED tt_status tt_compare_row_name(tt_compare *compare, const tt_compare_row *row, tt_view *out);
/** A term as it is written short: a prefixed name, <IRI>. */
TT_CHECKED tt_status tt_compare_short_iri(tt_compare *compare, tt_id id, tt_view *out);
/** The name of a property that has no label: its local name in words. */
TT_CHECKED tt_status tt_compare_property_name(tt_compare *compare, tt_id property, tt_view *out);
/** The name of a value with what is told of it: "signing (2014; INTERPOL)". @param thing Whose value it is;
 * TT_UNBOUND: that of all. */
TT_CHECKED tt_status tt_compare_describe(tt_compare *compare, tt_id id, tt_id thing, unsigned depth, tt_view *out);
/** How deep values are told, as the options say. */
unsigned tt_compare_depth(const tt_compare *compare);
/** The first date that the data give a resource, as text, or nothing. */
TT_CHECKED tt_status tt_compare_date_of(tt_compare *compare, tt_id id, tt_view *out);

/* ---- writers ---------------------------------------------------------------------------------------- */

typedef tt_status tt_compare_writer(tt_compare *compare, tt_output *output);
tt_compare_writer tt_compare_write_table;    /* table.c */
tt_compare_writer tt_compare_write_markdown; /* markdown.c */
tt_compare_writer tt_compare_write_html;     /* html.c */
tt_compare_writer tt_compare_write_latex;    /* latex.c */
tt_compare_writer tt_compare_write_csv;      /* csv.c */
tt_compare_writer tt_compare_write_tsv;      /* csv.c */
tt_compare_writer tt_compare_write_json;     /* json.c */
tt_compare_writer tt_compare_write_turtle;   /* rdf.c */
tt_compare_writer tt_compare_write_sparql;   /* sparql.c */

#endif

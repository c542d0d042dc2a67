/* info.c - `tertium info`: what a database holds, as a page to read or as rows for scripts. */
#include "cli/cli.h"

#include "shell/console.h"

#include <inttypes.h>
#include <stdio.h>

enum { SHOWN_TERMS = 20 };

/** One number of the database as a whole. */
typedef struct total {
	const char *name; /* of scripts */
	const char *text;
	uint64_t value;
} total;

enum { MOST_TOTALS = 16 };
typedef struct totals {
	total items[MOST_TOTALS];
	size_t n_items;
	tt_db_space space;
	uint64_t n_quads;
} totals;

/** How the parts are written. */
typedef struct info_format info_format;
struct info_format {
	void (*totals)(const totals *all);
	void (*begin)(const char *kind, bool has_nodes);
	void (*term)(const info_format *format, size_t n_before, const tt_term_counts *counts);
	void (*end)(const char *kind, size_t n_terms);
	void (*finish)(void);
	char separator; /* of columns */
};

static void add_total(totals *all, const char *name, const char *text, uint64_t value)
{
	all->items[all->n_items++] = (total){name, text, value};
}

/* ---- to read ---------------------------------------------------------------------------------------------- */

static void print_totals(const totals *all)
{
	for (size_t i = 0; i < all->n_items; ++i) {
		printf("%12" PRIu64 " %s\n", all->items[i].value, all->items[i].text);
	}
	if (all->space.format_version && all->n_quads) {
		printf("%12.1f bytes for each quad\n", (double)all->space.n_file_bytes / (double)all->n_quads);
	}
}

static void print_begin(const char *kind, bool has_nodes)
{
	printf(has_nodes ? "\n%12s %10s %10s %s\n" : "\n%12s %s%s%s\n", "quads", has_nodes ? "subjects" : kind,
	       has_nodes ? "objects" : "", has_nodes ? kind : "");
}

static void print_node(const tt_term *term)
{
	printf(term->kind == TT_TERM_BLANK ? "_:%.*s" : "%.*s", (int)term->text.size, term->text.data);
}

static void print_term(const info_format *format, size_t n_before, const tt_term_counts *counts)
{
	(void)format;
	if (n_before >= SHOWN_TERMS) {
		return;
	}
	printf("%12" PRIu64 " ", counts->n_quads);
	if (counts->n_subjects) {
		printf("%10" PRIu64 " %10" PRIu64 " ", counts->n_subjects, counts->n_objects);
	}
	print_node(&counts->term);
	putchar('\n');
}

static void print_end(const char *kind, size_t n_terms)
{
	if (n_terms > SHOWN_TERMS) {
		printf("%12s and %zu more %ss (-f tsv lists all)\n", "", n_terms - SHOWN_TERMS, kind);
	}
}

/* ---- rows for scripts --------------------------------------------------------------------------------------- */

/* A term as a cell: in quotes where CSV needs them. */
static void put_cell(const info_format *format, const tt_term *term)
{
	bool is_quoted = false;
	for (size_t i = 0; i < term->text.size && format->separator == ','; ++i) {
		is_quoted = is_quoted || term->text.data[i] == ',' || term->text.data[i] == '"';
	}
	if (!is_quoted) {
		print_node(term);
		return;
	}
	putchar('"');
	for (size_t i = 0; i < term->text.size; ++i) {
		printf(term->text.data[i] == '"' ? "\"\"" : "%c", term->text.data[i]);
	}
	putchar('"');
}

static void put_totals(const totals *all, char separator)
{
	const char s = separator;
	printf("kind%cname%cquads%csubjects%cobjects\n", s, s, s, s);
	for (size_t i = 0; i < all->n_items; ++i) {
		printf("total%c%s%c%" PRIu64 "%c%c\n", s, all->items[i].name, s, all->items[i].value, s, s);
	}
}

static void put_csv_totals(const totals *all)
{
	put_totals(all, ',');
}

static void put_tsv_totals(const totals *all)
{
	put_totals(all, '\t');
}

static void put_row(const info_format *format, size_t n_before, const tt_term_counts *counts)
{
	const char s = format->separator;
	(void)n_before;
	printf("%s%c", counts->n_subjects ? "predicate" : "graph", s);
	put_cell(format, &counts->term);
	printf("%c%" PRIu64 "%c", s, counts->n_quads, s);
	if (counts->n_subjects) {
		printf("%" PRIu64 "%c%" PRIu64 "\n", counts->n_subjects, s, counts->n_objects);
	} else {
		printf("%c\n", s);
	}
}

/* ---- JSON --------------------------------------------------------------------------------------------------- */

static void put_json_text(const tt_term *term)
{
	putchar('"');
	if (term->kind == TT_TERM_BLANK) {
		printf("_:");
	}
	for (size_t i = 0; i < term->text.size; ++i) {
		const unsigned char c = (unsigned char)term->text.data[i];
		printf(c < ' ' ? "\\u%04X" : c == '"' || c == '\\' ? "\\%c" : "%c", c);
	}
	putchar('"');
}

static void put_json_totals(const totals *all)
{
	for (size_t i = 0; i < all->n_items; ++i) {
		printf("%s\n  \"%s\": %" PRIu64, i ? "," : "{", all->items[i].name, all->items[i].value);
	}
}

static void begin_json(const char *kind, bool has_nodes)
{
	(void)has_nodes;
	printf(",\n  \"%s_list\": [", kind);
}

static void put_json_term(const info_format *format, size_t n_before, const tt_term_counts *counts)
{
	(void)format;
	printf("%s\n    {\"name\": ", n_before ? "," : "");
	put_json_text(&counts->term);
	printf(", \"quads\": %" PRIu64, counts->n_quads);
	if (counts->n_subjects) {
		printf(", \"subjects\": %" PRIu64 ", \"objects\": %" PRIu64, counts->n_subjects, counts->n_objects);
	}
	putchar('}');
}

static void end_json(const char *kind, size_t n_terms)
{
	(void)kind;
	printf(n_terms ? "\n  ]" : "]");
}

static void finish_json(void)
{
	printf("\n}\n");
}

static const info_format formats[] = {
    [TT_FORMAT_NONE] = {.totals = print_totals, .begin = print_begin, .term = print_term, .end = print_end},
    [TT_FORMAT_TABLE] = {.totals = print_totals, .begin = print_begin, .term = print_term, .end = print_end},
    [TT_FORMAT_CSV] = {.totals = put_csv_totals, .term = put_row, .separator = ','},
    [TT_FORMAT_TSV] = {.totals = put_tsv_totals, .term = put_row, .separator = '\t'},
    [TT_FORMAT_JSON] =
        {.totals = put_json_totals, .begin = begin_json, .term = put_json_term, .end = end_json, .finish = finish_json},
};

/* ---- the command ------------------------------------------------------------------------------------------ */

static tt_status gather(tt_db *db, totals *out)
{
	tt_db_stats stats;
	tt_status status = tt_db_get_stats(db, &stats);
	status = status ? status : tt_db_get_space(db, &out->space);
	if (status != TT_OK) {
		return status;
	}
	out->n_quads = stats.n_quads;
	add_total(out, "quads", "quads", stats.n_quads);
	add_total(out, "default_graph_quads", "of them in the default graph", stats.n_default_quads);
	add_total(out, "triples", "different triples", stats.n_triples);
	add_total(out, "graphs", "named graphs", stats.n_named_graphs);
	add_total(out, "subjects", "subjects", stats.n_subjects);
	add_total(out, "predicates", "predicates", stats.n_predicates);
	add_total(out, "objects", "objects", stats.n_objects);
	add_total(out, "terms", "terms in the dictionary", stats.n_terms);
	if (out->space.format_version) {
		add_total(out, "format_version", "is the version of the format", out->space.format_version);
		add_total(out, "file_bytes", "bytes in the file", out->space.n_file_bytes);
		add_total(out, "page_bytes", "bytes a page", out->space.n_page_bytes);
		add_total(out, "pages", "pages", out->space.n_pages);
		add_total(out, "free_pages", "of them free", out->space.n_free_pages);
		add_total(out, "readers", "queries of other processes", out->space.n_readers);
		add_total(out, "writers", "processes that write to it", out->space.has_writer);
	}
	return TT_OK;
}

typedef struct lister {
	const info_format *format;
	size_t n_terms;
} lister;

static void visit(void *user, const tt_term_counts *counts)
{
	lister *const l = user;
	l->format->term(l->format, l->n_terms++, counts);
}

typedef tt_status list_function(tt_db *db, tt_count_visit visit, void *user);

static tt_status list(tt_db *db, const info_format *format, const char *kind, list_function *all)
{
	lister l = {.format = format};
	if (format->begin) {
		format->begin(kind, all == tt_db_predicates);
	}
	const tt_status status = all(db, visit, &l);
	if (status == TT_OK && format->end) {
		format->end(kind, l.n_terms);
	}
	return status;
}

int tt_cli_info(const tt_arguments *arguments)
{
	const tt_data_choice choice = tt_cli_data(arguments);
	const info_format *const format = &formats[arguments->format];
	tt_db *db = NULL;
	int exit_status = tt_data_open(&choice, TT_OPEN_READ, &db);
	if (exit_status != TT_EXIT_OK) {
		return exit_status;
	}
	totals all = {.n_items = 0};
	tt_status status = gather(db, &all);
	if (status == TT_OK) {
		format->totals(&all);
		status = all.n_quads || format->finish ? list(db, format, "graph", tt_db_graphs) : TT_OK;
		status = status || !(all.n_quads || format->finish) ? status : list(db, format, "predicate", tt_db_predicates);
	}
	if (status == TT_OK && format->finish) {
		format->finish();
	}
	exit_status = status == TT_OK ? TT_EXIT_OK : tt_complain_db(db);
	tt_db_close(db);
	return exit_status;
}

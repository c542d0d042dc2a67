/* compare.c - `.compare`, and what it shares with `tertium compare`. */
#include "shell/compare.h"

#include "shell/console.h"
#include "shell/pager.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The language of the environment ("de_DE.UTF-8": "de"); false if it is none. */
static bool find_language(char out[16])
{
	static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
	for (size_t i = 0; i < sizeof names / sizeof *names; ++i) {
		const char *const value = getenv(names[i]);
		if (value && value[0]) {
			const size_t n = strcspn(value, "_.@");
			(void)snprintf(out, 16, "%.*s", (int)n, value);
			return strcmp(out, "C") != 0 && strcmp(out, "POSIX") != 0;
		}
	}
	return false;
}

int tt_compare_show(tt_db *db, const char *const *names, size_t n_names, const tt_compare_options *options,
                    bool is_paged)
{
	enum { LINES_OF_OURS = 2 }; /* the prompt's */
	char language[16];
	tt_compare_options chosen = *options;
	const size_t n_lines = tt_console_height(STDOUT_FILENO);
	chosen.format = chosen.format ? chosen.format : TT_COMPARE_TABLE;
	chosen.language = find_language(language) ? language : NULL;
	chosen.n_width = tt_console_width(STDOUT_FILENO);
	chosen.n_lines = n_lines > LINES_OF_OURS ? n_lines - LINES_OF_OURS : 0;
	chosen.is_utf8 = isatty(STDOUT_FILENO) && tt_console_is_utf8();
	(void)tt_flush_output();
	const int fd = is_paged ? tt_pager_begin() : STDOUT_FILENO;
	const tt_status status = tt_db_compare(db, names, n_names, &chosen, fd);
	tt_pager_end(fd);
	return status == TT_OK ? TT_EXIT_OK : tt_complain_db(db);
}

/* ---- words ------------------------------------------------------------------------------------------ */

bool tt_compare_read_format(const char *value, void *out)
{
	*(tt_compare_format *)out = tt_compare_format_named(value);
	return *(tt_compare_format *)out != TT_COMPARE_NONE;
}

bool tt_compare_read_depth(const char *value, void *out)
{
	*(unsigned *)out = (unsigned)(value[0] - '0') + 1;
	return value[0] >= '0' && value[0] <= '5' && !value[1];
}

enum { MOST_LISTED = 16 };

/** What the words say. */
typedef struct request {
	const char *names[TT_COMPARE_MOST_THINGS + 1];
	size_t n_names;
	const char *via[MOST_LISTED], *properties[MOST_LISTED];
	unsigned depth;
	tt_compare_options options;
} request;

static bool read_flag(const char *value, void *out)
{
	(void)value;
	*(bool *)out = true;
	return true;
}

static bool read_text(const char *value, void *out)
{
	*(const char **)out = value;
	return value[0] != '\0';
}

static bool read_via(const char *value, void *out)
{
	request *const r = out;
	if (r->options.n_via == MOST_LISTED) {
		return false;
	}
	r->via[r->options.n_via++] = value;
	return true;
}

static bool read_property(const char *value, void *out)
{
	request *const r = out;
	if (r->options.n_properties == MOST_LISTED) {
		return false;
	}
	r->properties[r->options.n_properties++] = value;
	return true;
}

static const struct {
	const char *name;
	bool has_value;
	bool (*read)(const char *value, void *out);
	size_t place;
} options[] = {
    {"-f", true, tt_compare_read_format, offsetof(request, options.format)},
    {"--format", true, tt_compare_read_format, offsetof(request, options.format)},
    {"--all", false, read_flag, offsetof(request, options.is_all)},
    {"--evidence", false, read_flag, offsetof(request, options.has_evidence)},
    {"--only", true, read_text, offsetof(request, options.only)},
    {"--property", true, read_property, 0},
    {"--via", true, read_via, 0},
    {"--depth", true, tt_compare_read_depth, offsetof(request, depth)},
    {"--no-inverse", false, read_flag, offsetof(request, options.is_forward_only)},
    {"--no-claims", false, read_flag, offsetof(request, options.is_without_claims)},
};
enum { N_OPTIONS = sizeof options / sizeof *options };

/* Take an option. @return How many words it is, or 0 after a message. */
static size_t take_option(request *r, char *const *words, size_t n_words)
{
	const char *names[N_OPTIONS];
	for (size_t i = 0; i < N_OPTIONS; ++i) {
		names[i] = options[i].name;
		if (strcmp(words[0], options[i].name) != 0) {
			continue;
		}
		if (options[i].has_value && n_words < 2) {
			tt_complain("the option %s needs a value", words[0]);
			return 0;
		}
		if (!options[i].read(options[i].has_value ? words[1] : "", (char *)r + options[i].place)) {
			tt_complain("\"%s\" is no value for the option %s", options[i].has_value ? words[1] : "", words[0]);
			return 0;
		}
		return options[i].has_value ? 2 : 1;
	}
	const char *const nearest = tt_nearest(words[0], names, N_OPTIONS, sizeof *names);
	tt_complain("unknown option %s%s%s%s", words[0], nearest ? ": did you mean " : "", nearest ? nearest : "",
	            nearest ? "?" : "");
	return 0;
}

int tt_compare_words(tt_db *db, char *const *words, size_t n_words, const tt_query_options *limits, bool is_paged)
{
	request r = {.n_names = 0};
	for (size_t i = 0; i < n_words;) {
		if (words[i][0] == '-' && words[i][1]) {
			const size_t n_taken = take_option(&r, words + i, n_words - i);
			if (!n_taken) {
				return TT_EXIT_USAGE;
			}
			i += n_taken;
		} else if (r.n_names <= TT_COMPARE_MOST_THINGS) {
			r.names[r.n_names++] = words[i++];
		}
	}
	r.options.via = r.via;
	r.options.properties = r.properties;
	r.options.is_flat = r.depth == 1;
	r.options.depth = r.depth ? r.depth - 1 : 0;
	r.options.timeout_seconds = limits->timeout_seconds;
	r.options.memory_bytes = limits->memory_bytes;
	return tt_compare_show(db, r.names, r.n_names, &r.options, is_paged);
}

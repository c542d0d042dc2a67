/* source.c - reading the text of a query or update. */
#include "cli/source.h"

#include "shell/console.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static bool is_standard_input(const char *path)
{
	return strcmp(path, "-") == 0;
}

int tt_source_read(const char *path, tt_source *out)
{
	out->name = is_standard_input(path) ? "standard input" : path;
	FILE *const stream = is_standard_input(path) ? stdin : fopen(path, "r");
	if (!stream) {
		tt_complain("cannot open %s: %s", path, strerror(errno));
		return TT_EXIT_ERROR;
	}
	const bool is_read = tt_text_read(&out->file, stream);
	const int error = errno;
	if (stream != stdin) {
		(void)fclose(stream);
	}
	if (*tt_interrupted()) {
		return TT_EXIT_INTERRUPTED;
	}
	if (!is_read) {
		tt_complain("cannot read %s: %s", out->name, strerror(error));
		return TT_EXIT_ERROR;
	}
	return TT_EXIT_OK;
}

static bool reads_standard_input(const tt_values *files)
{
	bool is_read = false;
	for (size_t i = 0; i < files->n_items; ++i) {
		is_read = is_read || is_standard_input(files->items[i]);
	}
	return is_read;
}

int tt_source_choose(const tt_arguments *arguments, const char *kind, tt_source *out)
{
	const size_t n_given = arguments->n_operands + (arguments->text != NULL);
	if (n_given > 1 || (!n_given && isatty(STDIN_FILENO))) {
		tt_complain("there is %s %s: give one file, - for standard input, or -e TEXT (see tertium %s --help)",
		            n_given ? "more than one" : "no", kind, kind);
		return TT_EXIT_USAGE;
	}
	if (arguments->text) {
		out->inline_text = arguments->text;
		return TT_EXIT_OK;
	}
	const char *const path = n_given ? arguments->operands[0] : "-";
	if (is_standard_input(path) && reads_standard_input(&arguments->data)) {
		tt_complain("standard input cannot be both the %s and data (see tertium %s --help)", kind, kind);
		return TT_EXIT_USAGE;
	}
	return tt_source_read(path, out);
}

void tt_source_free(tt_source *source)
{
	tt_text_free(&source->file);
}

tt_view tt_source_view(const tt_source *source)
{
	const tt_view text = source->inline_text ? tt_text_of(source->inline_text) : tt_text_view(&source->file);
	const bool has_mark = !source->inline_text && text.size >= 3 && memcmp(text.data, "\xEF\xBB\xBF", 3) == 0;
	return has_mark ? (tt_view){text.data + 3, text.size - 3} : text;
}

/* pages.c - a reader of the LMDB 0.9 file format that believes nothing.
 *
 *     page 0, 1: meta pages; the one with the higher transaction number counts
 *     page:   pgno u64 | pad u16 | flags u16 | lower u16, upper u16 (overflow: n_pages u32) | …
 *     branch and leaf: slots u16 × n from byte 16 up to `lower`, nodes from `upper` to the end
 *     node:   low u16 | high u16 | flags u16 | key size u16 | key | data
 *             branch: child page = low | high << 16 | flags << 32; leaf: data size = low | high << 16
 *             leaf with BIG: the data is the number of the first overflow page
 *     tree:   pad u32 | flags u16 | depth u16 | branch, leaf, overflow pages u64 | entries u64 | root u64
 *
 * A walk visits each tree in key order and proves: page numbers and flags agree, nodes lie inside
 * their page, keys ascend and respect the separators above them, counts agree with the tree record,
 * and no page is reached twice or is also on the free list. Then every LMDB read of this snapshot
 * stays inside the file, and a write reuses no page that is in use.
 */
#include "store/pages.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	PAGE_HEADER = 16,
	NODE_HEADER = 8,
	TREE_SIZE = 48,
	LAST_PAGE_AT = 24 + 2 * TREE_SIZE,
	TXN_NUMBER_AT = LAST_PAGE_AT + 8,
	META_SIZE = PAGE_HEADER + 24 + 2 * TREE_SIZE + 16,
	MAX_DEPTH = 32,
	MAX_KEY = 511,
	PAGE_BRANCH = 1,
	PAGE_LEAF = 2,
	PAGE_OVERFLOW = 4,
	PAGE_META = 8,
	PAGE_DIRTY = 0x10,
	NODE_BIG = 1,
	NODE_TREE = 2,
	TREE_INTEGER_KEY = 8,
	LEAST_PAGE_SIZE = 512,
	NEW_PAGE_SIZE = 4096, /* that of the system, where the files are made */
	N_META_TRIES = 50,
	FILE_GROWTH = 16,
	MANY_PAGES = 1 << 16
};
#define LMDB_MAGIC   0xBEEFC0DEu
#define LMDB_SWAPPED 0xDEC0EFBEu
#define NO_PAGE      UINT64_MAX

typedef struct {
	uint16_t flags, depth;
	uint64_t n_branch, n_leaf, n_overflow, n_entries, root;
} tree_record;

typedef struct {
	uint64_t txn_number, last_page;
	size_t page_size;
	tree_record free_tree, main_tree;
} meta_record;

/* The state of a walk over one file. */
typedef struct {
	tt_ctx *ctx;
	const char *directory;
	const uint8_t *map;
	size_t n_bytes;
	meta_record meta;
	uint64_t *seen; /* a bit for each page; NULL: only look */
	bool is_deep;
} walk;

/* One tree of a walk: counts found so far, and the last key seen. */
typedef struct {
	walk *w;
	bool is_free_tree;
	bool is_main_tree;
	tree_record found;
	tt_view last_key;
} tree_walk;

typedef struct {
	tt_view key;
	uint64_t child; /* branch: page; leaf: first overflow page, or NO_PAGE */
	tt_view data;   /* leaf: if not on overflow pages */
	uint64_t data_size;
	unsigned flags;
} node;

static uint16_t get_u16(const uint8_t *bytes)
{
	uint16_t number = 0;
	memcpy(&number, bytes, sizeof number);
	return number;
}

static uint32_t get_u32(const uint8_t *bytes)
{
	uint32_t number = 0;
	memcpy(&number, bytes, sizeof number);
	return number;
}

static uint64_t get_u64(const uint8_t *bytes)
{
	uint64_t number = 0;
	memcpy(&number, bytes, sizeof number);
	return number;
}

static tt_status damaged_page(const walk *w, uint64_t page, const char *what)
{
	return tt_fail(w->ctx, TT_CORRUPT, "%s is damaged: page %" PRIu64 " %s", w->directory, page, what);
}

/* ---- meta pages --------------------------------------------------------------------------------- */

static tree_record read_tree(const uint8_t *bytes)
{
	return (tree_record){.flags = get_u16(bytes + 4),
	                     .depth = get_u16(bytes + 6),
	                     .n_branch = get_u64(bytes + 8),
	                     .n_leaf = get_u64(bytes + 16),
	                     .n_overflow = get_u64(bytes + 24),
	                     .n_entries = get_u64(bytes + 32),
	                     .root = get_u64(bytes + 40)};
}

static bool is_sane_tree(const tree_record *tree, uint64_t last_page)
{
	return tree->root == NO_PAGE
	           ? tree->depth == 0 && tree->n_entries == 0
	           : tree->root >= 2 && tree->root <= last_page && tree->depth >= 1 && tree->depth <= MAX_DEPTH;
}

/* Read the meta record of page 0 or 1; false if it cannot be one. */
static bool read_meta(const uint8_t *page, uint64_t number, meta_record *out_meta)
{
	const uint8_t *const bytes = page + PAGE_HEADER;
	const uint32_t page_size = get_u32(bytes + 24);
	*out_meta = (meta_record){.page_size = page_size,
	                          .free_tree = read_tree(bytes + 24),
	                          .main_tree = read_tree(bytes + 24 + TREE_SIZE),
	                          .last_page = get_u64(bytes + LAST_PAGE_AT),
	                          .txn_number = get_u64(bytes + TXN_NUMBER_AT)};
	return get_u64(page) == number && get_u16(page + 10) == PAGE_META && get_u32(bytes) == LMDB_MAGIC &&
	       get_u32(bytes + 4) == 1 && page_size >= LEAST_PAGE_SIZE && page_size <= 32768 &&
	       (page_size & (page_size - 1)) == 0 && out_meta->last_page >= 1 &&
	       out_meta->last_page < (UINT64_MAX >> 1) / page_size && out_meta->free_tree.flags == TREE_INTEGER_KEY &&
	       out_meta->main_tree.flags == 0;
}

/* Whether the trees of a meta record can be there. Those of the older one need not: if writing a meta page fails, LMDB
 * puts the old numbers back, not the old trees. */
static bool has_sane_trees(const meta_record *meta)
{
	return is_sane_tree(&meta->free_tree, meta->last_page) && is_sane_tree(&meta->main_tree, meta->last_page);
}

static tt_status not_a_database(tt_ctx *ctx, const char *directory)
{
	return tt_fail(ctx, TT_CORRUPT, "%s is not a Tertium database, or its file data.mdb is damaged", directory);
}

/* Transaction n writes meta page n mod 2, so the two numbers are neighbours (or both 0 at first). */
static bool are_neighbours(const meta_record metas[2])
{
	const uint64_t a = metas[0].txn_number;
	const uint64_t b = metas[1].txn_number;
	if (a == 0 && b == 0) {
		return true;
	}
	return a % 2 == 0 && b % 2 == 1 && (a + 1 == b || b + 1 == a);
}

/* Read both meta pages. @p wanted: the transaction to find, or NO_PAGE for the newest. */
static tt_status read_metas(tt_ctx *ctx, const char *directory, int fd, uint64_t wanted, meta_record *out_meta)
{
	uint8_t first[META_SIZE];
	uint8_t second[META_SIZE];
	meta_record metas[2];
	if (pread(fd, first, sizeof first, 0) != (ssize_t)sizeof first) {
		return not_a_database(ctx, directory);
	}
	if (get_u32(first + PAGE_HEADER) == LMDB_SWAPPED) {
		return tt_fail(ctx, TT_UNSUPPORTED, "%s was made on a machine with another byte order", directory);
	}
	if (!read_meta(first, 0, &metas[0]) ||
	    pread(fd, second, sizeof second, (off_t)metas[0].page_size) != (ssize_t)sizeof second ||
	    !read_meta(second, 1, &metas[1]) || metas[0].page_size != metas[1].page_size || !are_neighbours(metas)) {
		return not_a_database(ctx, directory);
	}
	*out_meta = metas[metas[1].txn_number > metas[0].txn_number];
	if (wanted != NO_PAGE && out_meta->txn_number != wanted) {
		*out_meta = metas[metas[1].txn_number <= metas[0].txn_number];
		if (out_meta->txn_number != wanted) {
			return TT_NOT_FOUND;
		}
	}
	return has_sane_trees(out_meta) ? TT_OK : not_a_database(ctx, directory);
}

/* ---- pages and nodes ---------------------------------------------------------------------------- */

static tt_status mark(walk *w, uint64_t page, uint64_t n_pages)
{
	if (page < 2 || page > w->meta.last_page || n_pages > w->meta.last_page - page + 1) {
		return damaged_page(w, page, "is out of range");
	}
	for (uint64_t p = page; w->seen && p < page + n_pages; ++p) {
		uint64_t *const word = &w->seen[p / 64];
		const uint64_t bit = (uint64_t)1 << p % 64;
		if (*word & bit) {
			return damaged_page(w, p, "is used twice");
		}
		*word |= bit;
	}
	return TT_OK;
}

static const uint8_t *page_at(const walk *w, uint64_t page, uint64_t n_pages)
{
	const uint64_t n_in_file = w->n_bytes / w->meta.page_size;
	return page < n_in_file && n_pages <= n_in_file - page ? w->map + page * w->meta.page_size : NULL;
}

static size_t node_count(const uint8_t *page)
{
	return (size_t)(get_u16(page + 12) - PAGE_HEADER) / 2;
}

/* Parse node @p i; false if it does not lie inside its page. */
static bool read_node(const walk *w, const uint8_t *page, size_t i, node *out_node)
{
	const size_t page_size = w->meta.page_size;
	const size_t at = get_u16(page + PAGE_HEADER + (size_t)2 * i);
	if (at < get_u16(page + 14) || at % 2 || at + NODE_HEADER > page_size) {
		return false;
	}
	const uint8_t *const bytes = page + at;
	const uint64_t low = (uint64_t)get_u16(bytes) | (uint64_t)get_u16(bytes + 2) << 16;
	const size_t key_size = get_u16(bytes + 6);
	const size_t n_left = page_size - at - NODE_HEADER;
	if (key_size > MAX_KEY || key_size > n_left) {
		return false;
	}
	const uint8_t *const data = bytes + NODE_HEADER + key_size;
	*out_node = (node){.key = {(const char *)bytes + NODE_HEADER, key_size},
	                   .flags = get_u16(bytes + 4),
	                   .child = NO_PAGE,
	                   .data = TT_VIEW(""),
	                   .data_size = low};
	if (get_u16(page + 10) == PAGE_BRANCH) {
		out_node->child = low | (uint64_t)out_node->flags << 32;
		out_node->data_size = 0;
		return true;
	}
	const size_t n_inside = out_node->flags & NODE_BIG ? 8 : low;
	if (out_node->flags & ~(unsigned)(NODE_BIG | NODE_TREE) || key_size == 0 || n_inside > n_left - key_size) {
		return false;
	}
	if (out_node->flags & NODE_BIG) {
		out_node->child = get_u64(data);
	} else {
		out_node->data = (tt_view){(const char *)data, low};
	}
	return true;
}

/* Node @p i of a page whose frame is sound. */
static node node_at(const walk *w, const uint8_t *page, size_t i)
{
	node n = {.key = TT_VIEW(""), .data = TT_VIEW(""), .child = NO_PAGE};
	(void)read_node(w, page, i, &n);
	return n;
}

static size_t node_size(const node *n, bool is_branch)
{
	const size_t n_data = is_branch ? 0 : n->flags & NODE_BIG ? 8 : n->data.size;
	return (NODE_HEADER + n->key.size + n_data + 1) & ~(size_t)1;
}

static bool is_sound_header(const walk *w, const uint8_t *page, uint64_t number, bool is_leaf)
{
	const size_t lower = get_u16(page + 12);
	const size_t upper = get_u16(page + 14);
	return get_u64(page) == number && get_u16(page + 10) == (is_leaf ? PAGE_LEAF : PAGE_BRANCH) &&
	       lower >= PAGE_HEADER && lower % 2 == 0 && lower <= upper && upper <= w->meta.page_size &&
	       node_count(page) >= (is_leaf ? 1 : 2);
}

/* Verify the frame of a branch or leaf page: its header, and that its nodes fill what they should.
 * Returns the page, or NULL with the damage recorded. */
static const uint8_t *open_page(walk *w, uint64_t number, bool is_leaf)
{
	if (mark(w, number, 1) != TT_OK) {
		return NULL;
	}
	const uint8_t *const page = page_at(w, number, 1);
	if (!page || !is_sound_header(w, page, number, is_leaf)) {
		(void)damaged_page(w, number, page ? "has a broken header" : "lies behind the end of the file");
		return NULL;
	}
	size_t n_used = 0;
	for (size_t i = 0; i < node_count(page); ++i) {
		node n;
		if (!read_node(w, page, i, &n)) {
			(void)damaged_page(w, number, "has a broken entry");
			return NULL;
		}
		n_used += node_size(&n, !is_leaf);
	}
	if (n_used != w->meta.page_size - get_u16(page + 14)) {
		(void)damaged_page(w, number, "has entries that overlap");
		return NULL;
	}
	return page;
}

/* ---- trees -------------------------------------------------------------------------------------- */

static int compare_keys(const tree_walk *t, tt_view a, tt_view b)
{
	if (t->is_free_tree) {
		assert(a.size == 8 && b.size == 8 && a.data && b.data);
		const uint64_t x = get_u64((const uint8_t *)a.data);
		const uint64_t y = get_u64((const uint8_t *)b.data);
		return (x > y) - (x < y);
	}
	return tt_view_compare(a, b);
}

static tt_status check_tree(walk *w, const tree_record *tree, bool is_free_tree, bool is_main_tree);

/* The pages that are free: count, then their numbers, descending. */
static tt_status check_free_list(walk *w, uint64_t page, const uint8_t *list, uint64_t size)
{
	const uint64_t n = size >= 8 ? get_u64(list) : UINT64_MAX;
	if (size % 8 || n > size / 8 - 1) {
		return damaged_page(w, page, "has a broken list of free pages");
	}
	uint64_t before = NO_PAGE;
	for (uint64_t i = 0; i < n; ++i) {
		const uint64_t number = get_u64(list + 8 + 8 * i);
		if (number >= before) {
			return damaged_page(w, page, "has a broken list of free pages");
		}
		TT_TRY(mark(w, number, 1));
		before = number;
	}
	return TT_OK;
}

static tt_status check_leaf_data(tree_walk *t, uint64_t page, const node *n)
{
	walk *const w = t->w;
	const uint8_t *data = (const uint8_t *)n->data.data;
	if (n->flags & NODE_BIG) {
		const uint64_t n_pages = (PAGE_HEADER - 1 + n->data_size) / w->meta.page_size + 1;
		TT_TRY(mark(w, n->child, n_pages));
		const uint8_t *const first = page_at(w, n->child, n_pages);
		if (!first) {
			return damaged_page(w, n->child, "lies behind the end of the file");
		}
		if ((w->is_deep || t->is_free_tree) &&
		    (get_u64(first) != n->child || get_u16(first + 10) != PAGE_OVERFLOW || get_u32(first + 12) != n_pages)) {
			return damaged_page(w, n->child, "has a broken header");
		}
		t->found.n_overflow += n_pages;
		data = first + PAGE_HEADER;
	}
	if (t->is_free_tree) {
		return n->flags & NODE_TREE ? damaged_page(w, page, "has a broken entry")
		                            : check_free_list(w, page, data, n->data_size);
	}
	if (n->flags & NODE_TREE) {
		if (!t->is_main_tree || n->flags & NODE_BIG || n->data_size != TREE_SIZE) {
			return damaged_page(w, page, "has a broken entry");
		}
		const tree_record tree = read_tree(data);
		return check_tree(w, &tree, false, false);
	}
	return TT_OK;
}

static tt_status check_leaf(tree_walk *t, uint64_t number, const tt_view *low)
{
	const uint8_t *const page = open_page(t->w, number, true);
	if (!page) {
		return t->w->ctx->error.status;
	}
	TT_TRY(tt_ctx_poll(t->w->ctx));
	t->found.n_leaf++;
	t->found.n_entries += node_count(page);
	for (size_t i = 0; i < node_count(page); ++i) {
		const node n = node_at(t->w, page, i);
		if ((t->is_free_tree && n.key.size != 8) || (t->last_key.data && compare_keys(t, t->last_key, n.key) >= 0) ||
		    (i == 0 && low && compare_keys(t, *low, n.key) > 0)) {
			return damaged_page(t->w, number, "has keys out of order");
		}
		t->last_key = n.key;
		TT_TRY(check_leaf_data(t, number, &n));
	}
	return TT_OK;
}

/* @param low What every key below is not smaller than; NULL: no bound. */
static tt_status check_subtree(tree_walk *t, uint64_t number, unsigned depth, const tt_view *low)
{
	if (depth == 1) {
		return check_leaf(t, number, low);
	}
	const uint8_t *const page = open_page(t->w, number, false);
	if (!page) {
		return t->w->ctx->error.status;
	}
	t->found.n_branch++;
	for (size_t i = 0; i < node_count(page); ++i) {
		const node n = node_at(t->w, page, i);
		/* The first key of a branch page counts as smaller than all others. */
		if (i > 0 && ((t->is_free_tree && n.key.size != 8) || compare_keys(t, t->last_key, n.key) >= 0)) {
			return damaged_page(t->w, number, "has keys out of order");
		}
		TT_TRY(check_subtree(t, n.child, depth - 1, i > 0 ? &n.key : low));
	}
	return TT_OK;
}

static tt_status check_tree(walk *w, const tree_record *tree, bool is_free_tree, bool is_main_tree)
{
	if (!is_sane_tree(tree, w->meta.last_page) || (!is_free_tree && tree->flags != 0)) {
		return tt_fail(w->ctx, TT_CORRUPT, "%s is damaged: a table has a broken record", w->directory);
	}
	tree_walk t = {.w = w, .is_free_tree = is_free_tree, .is_main_tree = is_main_tree};
	if (tree->root != NO_PAGE) {
		TT_TRY(check_subtree(&t, tree->root, tree->depth, NULL));
	}
	if (t.found.n_branch != tree->n_branch || t.found.n_leaf != tree->n_leaf ||
	    t.found.n_overflow != tree->n_overflow || t.found.n_entries != tree->n_entries) {
		return tt_fail(w->ctx, TT_CORRUPT, "%s is damaged: a table has not as many pages as it should", w->directory);
	}
	return TT_OK;
}

/* ---- entry points ------------------------------------------------------------------------------- */

static tt_status map_file(walk *w, int fd)
{
	struct stat info;
	if (fstat(fd, &info) != 0) {
		return tt_fail(w->ctx, TT_IO, "cannot read %s: %s", w->directory, strerror(errno));
	}
	w->n_bytes = (size_t)info.st_size;
	/* Pages that a transaction took and gave back are never written, so the file may be shorter than the meta page
	 * says; but not by any amount, or a damaged number would make us fill the memory with marks. */
	if (w->meta.last_page / FILE_GROWTH > w->n_bytes / LEAST_PAGE_SIZE + MANY_PAGES) {
		return tt_fail(w->ctx, TT_CORRUPT, "%s is damaged: its file data.mdb is cut off", w->directory);
	}
	void *const map = mmap(NULL, w->n_bytes, PROT_READ, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED) {
		return tt_fail(w->ctx, TT_IO, "cannot read %s: %s", w->directory, strerror(errno));
	}
	w->map = map;
	return TT_OK;
}

/* Find a record of the main tree. */
static tt_status find_in_main(walk *w, tt_view wanted, tt_view *out_data)
{
	uint64_t number = w->meta.main_tree.root;
	for (unsigned depth = w->meta.main_tree.depth; depth > 0; --depth) {
		const uint8_t *const page = open_page(w, number, depth == 1);
		if (!page) {
			return w->ctx->error.status;
		}
		for (size_t i = 0; i < node_count(page); ++i) {
			const node n = node_at(w, page, i);
			const int order = tt_view_compare(n.key, wanted);
			if (depth == 1 && order == 0 && !n.flags) {
				*out_data = n.data;
				return TT_OK;
			}
			if (depth > 1 && (i == 0 || order <= 0)) {
				number = n.child;
			}
		}
	}
	return TT_NOT_FOUND;
}

static tt_status judge_format(const walk *w, tt_view record)
{
	uint32_t numbers[2] = {0, 0};
	if (record.size != 16 || memcmp(record.data, "Tertium", 8) != 0) {
		return not_a_database(w->ctx, w->directory);
	}
	memcpy(numbers, record.data + 8, sizeof numbers);
	if (numbers[0] != 0x01020304u) {
		return tt_fail(w->ctx, TT_UNSUPPORTED, "%s was made on a machine with another byte order", w->directory);
	}
	if (numbers[1] != TT_FORMAT_VERSION) {
		return tt_fail(w->ctx, TT_UNSUPPORTED, "%s is a Tertium database of format %u; this program reads format %d",
		               w->directory, (unsigned)numbers[1], TT_FORMAT_VERSION);
	}
	return TT_OK;
}

static tt_status probe_once(walk *w, int fd, tt_probe *out_probe)
{
	TT_TRY(read_metas(w->ctx, w->directory, fd, NO_PAGE, &w->meta));
	if (w->meta.main_tree.root == NO_PAGE) {
		*out_probe = TT_PROBE_EMPTY;
		return TT_OK;
	}
	TT_TRY(map_file(w, fd));
	tt_view record = {NULL, 0};
	tt_status status = find_in_main(w, TT_VIEW("tertium"), &record);
	if (status == TT_NOT_FOUND) {
		status = not_a_database(w->ctx, w->directory);
	} else if (status == TT_OK) {
		status = judge_format(w, record);
	}
	(void)munmap((void *)(uintptr_t)w->map, w->n_bytes);
	*out_probe = TT_PROBE_DATABASE;
	return status;
}

/* Whether a file holds no more than what LMDB writes into a new one, its two meta pages, or not even all of that: if
 * its maker was stopped before the first sync, sectors of them may be missing. Data would begin behind them. */
static bool is_torn(int fd, off_t n_bytes)
{
	uint8_t pages[2 * NEW_PAGE_SIZE] = {0};
	static const uint8_t zeros[NEW_PAGE_SIZE];
	if (n_bytes > (off_t)sizeof pages || pread(fd, pages, sizeof pages, 0) != n_bytes) {
		return false;
	}
	for (unsigned i = 0; i < 2; ++i) {
		const uint8_t *const page = pages + (size_t)i * NEW_PAGE_SIZE;
		meta_record meta;
		if (memcmp(page, zeros, sizeof zeros) != 0 &&
		    (!read_meta(page, i, &meta) || meta.txn_number || meta.main_tree.root != NO_PAGE)) {
			return false;
		}
	}
	return true;
}

tt_status tt_pages_probe(tt_ctx *ctx, const char *directory, const char *file, tt_probe *out_probe)
{
	const int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat info;
	if (fd < 0 || fstat(fd, &info) != 0) {
		const tt_status status = tt_fail(ctx, TT_IO, "cannot open the database %s: %s", directory, strerror(errno));
		if (fd >= 0) {
			(void)close(fd);
		}
		return status;
	}
	tt_status status = TT_OK;
	if (!S_ISREG(info.st_mode)) {
		status = not_a_database(ctx, directory);
	} else if (info.st_size == 0) {
		*out_probe = TT_PROBE_EMPTY;
	} else if (is_torn(fd, info.st_size)) {
		*out_probe = TT_PROBE_TORN;
	} else {
		/* Another process may be committing while we look without a lock: what it leaves is sound. */
		for (unsigned i = 0; i < N_META_TRIES; ++i) {
			walk w = {.ctx = ctx, .directory = directory};
			status = probe_once(&w, fd, out_probe);
			if (status != TT_CORRUPT) {
				break;
			}
			(void)usleep(i < N_META_TRIES / 2 ? 0 : 500);
		}
	}
	(void)close(fd);
	return status;
}

static tt_status verify_file(walk *w, int fd, MDB_txn *txn, uint64_t largest)
{
	tt_status status = read_metas(w->ctx, w->directory, fd, mdb_txn_id(txn), &w->meta);
	if (status == TT_NOT_FOUND || status == TT_CORRUPT) {
		/* Overwritten by later commits: whoever made them has a sound file. */
		return TT_OK;
	}
	TT_TRY(status);
	TT_TRY(map_file(w, fd));
	const uint64_t n_claimed = (w->meta.last_page + 1) * w->meta.page_size;
	if (largest == 0 || w->n_bytes <= largest || w->n_bytes < n_claimed) {
		w->seen = tt_calloc(w->ctx, w->meta.last_page / 64 + 1, sizeof *w->seen);
		status = w->seen ? check_tree(w, &w->meta.free_tree, true, false) : w->ctx->error.status;
		status = status == TT_OK ? check_tree(w, &w->meta.main_tree, false, true) : status;
		tt_free(w->ctx, w->seen);
	}
	(void)munmap((void *)(uintptr_t)w->map, w->n_bytes);
	return status;
}

tt_status tt_pages_verify(tt_ctx *ctx, tt_env *env, MDB_txn *txn, bool is_deep, uint64_t largest)
{
	int fd = -1;
	if (!env->path || mdb_env_get_fd(env->core->mdb, &fd) != 0) {
		return TT_OK;
	}
	walk w = {.ctx = ctx, .directory = env->path, .is_deep = is_deep};
	return verify_file(&w, fd, txn, largest);
}

bool tt_pages_can_free(MDB_txn *txn, const MDB_val *key, const MDB_val *value)
{
	MDB_stat info;
	if (mdb_env_stat(mdb_txn_env(txn), &info) != 0) {
		return false;
	}
	/* As LMDB decides whether a node stays in its leaf: two of them must fit. */
	const size_t largest_node = (((info.ms_psize - PAGE_HEADER) / 2) & ~(size_t)1) - sizeof(uint16_t);
	if (NODE_HEADER + key->mv_size + value->mv_size <= largest_node) {
		return true;
	}
	const uint8_t *const page = (const uint8_t *)value->mv_data - PAGE_HEADER;
	return (get_u16(page + 10) & ~PAGE_DIRTY) == PAGE_OVERFLOW &&
	       get_u32(page + 12) == (PAGE_HEADER - 1 + value->mv_size) / info.ms_psize + 1;
}

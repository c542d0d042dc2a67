/* blanks.c - labels of blank nodes, by hash. */
#include "store/blanks.h"

void tt_blanks_init(tt_blanks *blanks, tt_ctx *ctx)
{
	*blanks = (tt_blanks){.ctx = ctx};
	tt_map_init(&blanks->by_hash, ctx);
	tt_buffer_init(&blanks->text, ctx);
}

void tt_blanks_clear(tt_blanks *blanks)
{
	tt_map_clear(&blanks->by_hash);
	tt_buffer_clear(&blanks->text);
	tt_free(blanks->ctx, blanks->labels);
	tt_blanks_init(blanks, blanks->ctx);
}

tt_status tt_blanks_node(tt_blanks *blanks, tt_txn *txn, tt_view label, tt_id *out_id)
{
	const uint64_t hash = tt_hash_bytes(label, 0);
	uint64_t cursor = 0;
	uint64_t i = 0;
	while (tt_map_next(&blanks->by_hash, hash, &cursor, &i)) {
		const struct tt_blank_label *const known = &blanks->labels[i];
		if (tt_view_equal((tt_view){blanks->text.data + known->offset, known->size}, label)) {
			*out_id = known->id;
			return TT_OK;
		}
	}
	TT_TRY(tt_grow(blanks->ctx, (void **)&blanks->labels, &blanks->n_capacity, blanks->n_labels + 1,
	               sizeof *blanks->labels));
	TT_TRY(tt_txn_new_blank(txn, out_id));
	const size_t offset = blanks->text.size;
	TT_TRY(tt_buffer_append(&blanks->text, label));
	TT_TRY(tt_map_insert(&blanks->by_hash, hash, blanks->n_labels));
	blanks->labels[blanks->n_labels++] = (struct tt_blank_label){offset, label.size, *out_id};
	return TT_OK;
}

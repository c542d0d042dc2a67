/* fn_hash.c - hash functions (SPARQL 1.1 §17.4.6): the hexadecimal digest of the UTF-8 form of a string. */
#include "expr/functions.h"

#include <nettle/nettle-meta.h>

enum { LARGEST_CONTEXT = 512, LARGEST_DIGEST = 64 };

static tt_status digest(tt_call *call, tt_id argument, const struct nettle_hash *hash, tt_id *out)
{
	static const char digits[] = "0123456789abcdef";
	_Alignas(max_align_t) unsigned char context[LARGEST_CONTEXT];
	unsigned char bytes[LARGEST_DIGEST];
	char text[2 * LARGEST_DIGEST];
	tt_view string;
	bool is_simple = false;
	TT_TRY(tt_eval_simple(call->eval, argument, &string, &is_simple));
	if (!is_simple) {
		return TT_OK;
	}
	if (hash->context_size > sizeof context || hash->digest_size > sizeof bytes) {
		return tt_fail(call->eval->ctx, TT_INTERNAL, "no room for %s", hash->name);
	}
	hash->init(context);
	hash->update(context, string.size, (const uint8_t *)string.data);
	hash->digest(context, hash->digest_size, bytes);
	for (size_t i = 0; i < hash->digest_size; ++i) {
		text[2 * i] = digits[bytes[i] >> 4];
		text[2 * i + 1] = digits[bytes[i] & 15];
	}
	const tt_term term = tt_term_string((tt_view){text, (size_t)2 * hash->digest_size});
	return tt_eval_give_like(call->eval, term.text, &term, out);
}

tt_status tt_fn_MD5(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	(void)n_arguments;
	return digest(call, arguments[0], &nettle_md5, out);
}

tt_status tt_fn_SHA1(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	(void)n_arguments;
	return digest(call, arguments[0], &nettle_sha1, out);
}

tt_status tt_fn_SHA256(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	(void)n_arguments;
	return digest(call, arguments[0], &nettle_sha256, out);
}

tt_status tt_fn_SHA384(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	(void)n_arguments;
	return digest(call, arguments[0], &nettle_sha384, out);
}

tt_status tt_fn_SHA512(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	(void)n_arguments;
	return digest(call, arguments[0], &nettle_sha512, out);
}

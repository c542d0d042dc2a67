# generate.awk - N-Triples of a made-up library: awk -v n=1000000 -f generate.awk
# About ten statements a book: type, title, author, year, pages, language, two subjects, a sequel, a note.
BEGIN {
	srand(7)
	base = "http://example.org/"
	rdf_type = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
	xsd = "http://www.w3.org/2001/XMLSchema#"
	for (book = 0; written < n; ++book) {
		s = "<" base "book/" book ">"
		put(s " " rdf_type " <" base "Book>")
		put(s " <" base "title> \"The book number " book " of the library\"@en")
		put(s " <" base "author> <" base "person/" int(rand() * (book / 3 + 10)) ">")
		put(s " <" base "year> \"" 1900 + int(rand() * 125) "\"^^<" xsd "gYear>")
		put(s " <" base "pages> \"" 50 + int(rand() * 900) "\"^^<" xsd "integer>")
		put(s " <" base "language> \"" substr("enfrderuzh", 1 + 2 * int(rand() * 5), 2) "\"")
		put(s " <" base "subject> <" base "subject/" int(rand() * 1000) ">")
		put(s " <" base "subject> <" base "subject/" int(rand() * rand() * 1000) ">")
		put(s " <" base "sequelOf> <" base "book/" int(rand() * (book + 1)) ">")
		put(s " <" base "note> \"A note of some length that says of book " book " what nobody needs to know.\"")
	}
}
function put(statement) {
	if (written < n) {
		print statement " ."
		++written
	}
}

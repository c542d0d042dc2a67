// read.mjs LIBRARY MEDIA-TYPE FILE - what a JavaScript library reads from a file, as N-Quads: n3, oxigraph, jsonld, found
// in TERTIUM_TOOLS/node_modules.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const [library, type, file] = process.argv.slice(2);
const required = createRequire(process.env.TERTIUM_TOOLS + '/')(library);
const text = readFileSync(file, 'utf8');

function show(term) {
	const quoted = () => JSON.stringify(term.value).replace(/[\u007F-\u009F]/g, (c) => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'));
	switch (term.termType) {
		case 'DefaultGraph': return '';
		case 'NamedNode': return `<${term.value}> `;
		case 'BlankNode': return `_:${term.value} `;
		default: return term.language ? `${quoted()}@${term.language} ` : `${quoted()}^^<${term.datatype.value}> `;
	}
}

const write = (quads) => quads.map((q) => `${[q.subject, q.predicate, q.object, q.graph].map(show).join('')}.\n`).join('');

const readers = {
	n3: () => write(new required.Parser({ format: type }).parse(text)),
	oxigraph: () => write(required.parse(text, { format: type })),
	jsonld: () => required.toRDF(JSON.parse(text), { format: 'application/n-quads' }),
};

process.stdout.write(await readers[library]());

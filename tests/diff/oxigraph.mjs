// oxigraph.mjs - generated queries against Oxigraph: where we disagree, the specification judges (ledger.txt).
//
//   npm install --prefix DIR oxigraph
//   tests/diff/diff --emit --seed 1 --seeds 10000 | NODE_PATH=DIR/node_modules node oxigraph.mjs ledger.txt
//
// Rows are compared as bags, blank nodes up to renaming, numbers and durations by value. A divergence that a line of
// the ledger explains is counted under its name; the others are printed, and the status is 1.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { readFileSync } from 'node:fs';

const oxigraph = createRequire(process.env.NODE_PATH + '/')('oxigraph');
const XSD = 'http://www.w3.org/2001/XMLSchema#';
const most_printed = Number(process.env.MOST_PRINTED ?? 5);

// ---- the ledger: name | regular expression on the query, " =>" and their answer | reason -------------

const ledger = readFileSync(process.argv[2], 'utf8').split('\n')
	.filter((line) => line && !line.startsWith('#'))
	.map((line) => {
		const [name, pattern, reason] = line.split(' | ');
		if (!reason) {
			throw new Error(`ledger: not "name | pattern | reason": ${line}`);
		}
		return { name, pattern: new RegExp(pattern), count: 0 };
	});

// ---- terms as texts ----------------------------------------------------------------------------------

function literal(value, datatype, language) {
	if (language) {
		return `"${value}"@${language.toLowerCase()}`;
	}
	datatype = datatype ?? XSD + 'string';
	if (datatype === XSD + 'double' || datatype === XSD + 'float' || datatype === XSD + 'decimal') {
		const number = { INF: Infinity, '-INF': -Infinity }[value] ?? (value.trim() === '' ? NaN : Number(value));
		value = Number.isNaN(number) ? value : String(datatype === XSD + 'float' ? Math.fround(number) : number + 0);
	}
	return `"${value}"^^${datatype}`;
}

const from_json = (term) => term === undefined ? '-'
	: term.type === 'uri' ? `<${term.value}>`
	: term.type === 'bnode' ? `_:${term.value}`
	: literal(term.value, term.datatype, term['xml:lang']);

const from_oxigraph = (term) => term === undefined ? '-'
	: term.termType === 'NamedNode' ? `<${term.value}>`
	: term.termType === 'BlankNode' ? `_:${term.value}`
	: literal(term.value, term.datatype.value, term.language);

// Blank nodes get colours from where they stand, until these tell apart all that they can.
function canonical(rows) {
	let colours = new Map();
	const paint = (cell) => cell.startsWith('_:') ? `_:${colours.get(cell) ?? ''}` : cell;
	for (let round = 0; round < 3; round++) {
		const places = new Map();
		for (const row of rows) {
			row.forEach((cell, column) => {
				if (cell.startsWith('_:')) {
					const seen = row.map((other) => other === cell ? '_:self' : paint(other));
					places.set(cell, [...(places.get(cell) ?? []), `${column}:${seen.join(' ')}`]);
				}
			});
		}
		colours = new Map([...places].map(([cell, list]) => [cell, hash(list.sort().join('\n'))]));
	}
	return rows.map((row) => row.map(paint).join(' ')).sort();
}

function hash(text) {
	let sum = 0n;
	for (let i = 0; i < text.length; i++) {
		sum = (sum * 1000003n + BigInt(text.charCodeAt(i))) & 0xffffffffffffn;
	}
	return sum.toString(16);
}

// ---- two answers as sorted lines ---------------------------------------------------------------------

function parse_triples(text) {
	const store = new oxigraph.Store();
	store.load(text, { format: 'application/n-triples' });
	return store.match().map((quad) => [quad.subject, quad.predicate, quad.object].map(from_oxigraph));
}

function our_lines(answer, columns) {
	if (typeof answer === 'string') {
		return canonical(parse_triples(answer));
	}
	return 'boolean' in answer ? [String(answer.boolean)]
		: canonical(answer.results.bindings.map((row) => columns.map((name) => from_json(row[name]))));
}

function their_lines(answer, columns) {
	if (typeof answer === 'string' || 'head' in Object(answer)) {
		return our_lines(answer, columns);
	}
	if (typeof answer === 'boolean') {
		return [String(answer)];
	}
	if (answer.some((row) => !(row instanceof Map))) {
		const triples = answer.map((row) => [row.subject, row.predicate, row.object].map(from_oxigraph));
		return canonical([...new Map(triples.map((row) => [row.join(' '), row])).values()]); // a graph is a set
	}
	return canonical(answer.map((row) => columns.map((name) => from_oxigraph(row.get(name)))));
}

// An input that has been through another engine holds its answer, in the form of ours.
function ask_other(item) {
	if (item.theirs?.error !== undefined) {
		throw new Error(item.theirs.error);
	}
	if (item.theirs !== undefined) {
		return item.theirs;
	}
	const store = new oxigraph.Store();
	store.load(item.data, { format: 'application/n-quads' });
	return store.query(item.query);
}

// ---- all cases ---------------------------------------------------------------------------------------

let n_same = 0, n_skipped = 0, n_rows = 0;
const unexplained = [];

function judge(item, ours, theirs) {
	const text = `${item.query} => ${theirs.join(' ')}`.replaceAll('\n', ' ');
	const explained = ledger.find((line) => line.pattern.test(text));
	if (explained) {
		explained.count++;
	} else {
		unexplained.push({ item, ours, theirs });
	}
}

for await (const line of createInterface({ input: process.stdin })) {
	const item = JSON.parse(line);
	let theirs;
	try {
		theirs = ask_other(item);
	} catch (error) {
		if (item.ours !== null) {
			judge(item, ['an answer'], [`error: ${error.message}`]);
		} else {
			n_skipped++;
		}
		continue;
	}
	if (item.ours === null) {
		judge(item, [`error: ${item.error}`], ['an answer']);
		continue;
	}
	const columns = item.ours.head?.vars ?? [];
	const ours = our_lines(item.ours, columns);
	theirs = their_lines(theirs, columns);
	n_rows += ours.length;
	if (ours.join('\n') === theirs.join('\n')) {
		n_same++;
	} else {
		judge(item, ours, theirs);
	}
}

unexplained.sort((a, b) => a.item.query.length + a.item.data.length / 10 - b.item.query.length - b.item.data.length / 10);
for (const { item, ours, theirs } of unexplained.slice(0, most_printed)) {
	console.log(`seed ${item.seed}: ${item.query.replace(/^PREFIX.*?PREFIX.*?> /, '')}`);
	console.log(process.env.WITH_DATA ? item.data : '');
	console.log(`  ours (${ours.length}):\n    ${ours.slice(0, 6).join('\n    ')}`);
	console.log(`  theirs (${theirs.length}):\n    ${theirs.slice(0, 6).join('\n    ')}`);
}
for (const { name, count } of ledger) {
	console.log(`explained: ${name}: ${count}`);
}
console.log(`${n_same} the same (${n_rows} rows), ${n_skipped} refused by both, ${unexplained.length} unexplained`);
process.exit(unexplained.length ? 1 : 0);

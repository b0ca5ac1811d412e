// mssql: the script of the mailbox for Microsoft SQL Server, and the statements
// that we send to it, by a parser of T-SQL that is not ours: there is no such
// server here to run them on.
import parser from 'node-sql-parser';
import { read } from './description.mjs';

const DIALECT = { database: 'transactsql' };
const TABLES = ['kvitok_in', 'kvitok_in_part', 'kvitok_out', 'kvitok_out_part'];
const sql = new parser.Parser();
let complaints = 0;

function complain(where, what) {
	complaints++;
	console.log(`${where}: ${what}`);
}

function parse(where, text) {
	try {
		return [sql.astify(text, DIALECT)].flat();
	} catch (e) {
		complain(where, e.message);
		return [];
	}
}

function statements(text) {
	return text.replace(/--.*$/gmu, '').split(';').map((s) => s.trim())
		.filter((s) => s);
}

// A parser that takes anything proves nothing.
function refusesOthers() {
	for (const text of ['SELECT number FROM kvitok_in WHERE',
		'CREATE TABLE a (b INT NOT NULL',
		'INSERT INTO a (b) VALUES (1) ON CONFLICT (b) DO NOTHING'])
		try {
			sql.astify(text, DIALECT);
			complain('the parser', `takes for T-SQL: ${text}`);
		} catch {
			// It is none.
		}
}

const file = 'sql/mailbox/mssql.sql';
const made = statements(read(file)).flatMap((s) => parse(file, s))
	.filter((s) => s.type === 'create' && s.keyword === 'table')
	.map((s) => s.table[0].table);

if (made.join() !== TABLES.join())
	complain(file, `makes ${made}`);
refusesOthers();
const queries = 'sql/query/mailbox.sql';
let n = 0;

for (const part of read(queries).split('-- name: ').slice(1)) {
	const name = part.split('\n', 1)[0];
	const [tree] = parse(`${queries} ${name}`, statements(
		part.slice(name.length))[0].replaceAll('?', '1'));

	if (tree && !['select', 'insert', 'update', 'delete'].includes(tree.type))
		complain(`${queries} ${name}`, `is a ${tree.type}`);
	n++;
}
if (n < 9)
	complain(queries, `has ${n} statements`);
console.log(complaints === 0 ? 'mssql: nothing to complain of' :
	`mssql: ${complaints} complaints`);
process.exitCode = complaints === 0 ? 0 : 1;

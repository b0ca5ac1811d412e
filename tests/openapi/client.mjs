// client: one HTTP request, sent as it is: nothing is added to the address or
// the headers but what node must.
import http from 'node:http';

const agent = new http.Agent({ keepAlive: true, maxSockets: 4 });
const PATIENCE_MS = 30000;
// Not a messenger's preview: pay links are opened for people only.
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 ' +
	'Chrome/120.0 Safari/537.36';

// Gives: { status, headers, body }, the body as bytes.
export function call(base, method, path, { headers = {}, body } = {}) {
	const { hostname, port } = new URL(base);
	const all = { 'User-Agent': BROWSER, ...headers };

	if (body !== undefined)
		all['Content-Length'] = Buffer.byteLength(body);
	for (const name of Object.keys(all))
		if (all[name] === null || all[name] === undefined)
			delete all[name];
	return new Promise((resolve, reject) => {
		const request = http.request({ agent, hostname, port, method, path,
			headers: all, timeout: PATIENCE_MS }, (answer) => {
			const parts = [];

			answer.on('data', (part) => parts.push(part));
			answer.on('error', reject);
			answer.on('end', () => resolve({ status: answer.statusCode,
				headers: answer.headers, body: Buffer.concat(parts) }));
		});

		request.on('timeout', () => request.destroy(
			new Error(`${method} ${path}: no answer`)));
		request.on('error', reject);
		request.end(body);
	});
}

export function close() {
	agent.destroy();
}

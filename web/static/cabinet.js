// cabinet.js: what the accountant's pages do by themselves: totals that follow
// the filters, a report's progress, words that are not lost when a session ends.
//
// Every page is whole without it.  Parts of a page are taken from the same page
// as the server makes it, so that both look alike.

const WAIT_MS = 350;          // after the last keystroke
const LOOK_MS = 1000;         // between looks at a report in the making
const LOOK_SLOW_MS = 5000;    // after the first minute
const LOOKS_MAX = 3600;

document.documentElement.classList.add("js");

// A part of a page of ours; null: nobody is there any more, or nothing came.
async function part(url, id, signal) {
	const answer = await fetch(url, { signal, credentials: "same-origin",
		headers: { "X-Requested-With": "kvitok" } });

	if (answer.redirected)
		return null;
	const page = new DOMParser().parseFromString(
		await answer.text(), "text/html");

	return page.getElementById(id);
}

// ---- totals that follow the filters ---------------------------------------

const ask = document.getElementById("ask");
let timer = 0, last = null;

function query() {
	const q = new URLSearchParams();

	for (const [name, value] of new FormData(ask))
		if (value !== "")
			q.append(name, value);
	return q.toString();
}

// What was chosen about the file is not asked again.
function keepChoice(from, to) {
	for (const name of ["format", "encoding", "separator", "email"]) {
		const was = new FormData(from).get(name);

		for (const e of to.elements)
			if (e.name === name && e.type === "radio")
				e.checked = e.value === was;
			else if (e.name === name && was)
				e.value = was;
	}
}

async function count() {
	const q = query(), totals = document.getElementById("totals");

	last?.abort();
	last = new AbortController();
	totals.setAttribute("aria-busy", "true");
	try {
		const fresh = await part(`/cabinet/reports/count?${q}`, "totals",
			last.signal);

		if (!fresh) {
			location.assign(`/cabinet/reports?${q}`);
			return;
		}
		const was = totals.querySelector("form");
		const now = fresh.querySelector("form");

		if (was && now)
			keepChoice(was, now);
		totals.replaceWith(fresh);
		history.replaceState(null, "", `/cabinet/reports?${q}`);
	} catch (e) {
		if (e.name !== "AbortError")
			totals.removeAttribute("aria-busy");
	}
}

function soon() {
	clearTimeout(timer);
	timer = setTimeout(count, WAIT_MS);
}

function markPeriod() {
	for (const a of ask.querySelectorAll(".chips a"))
		if (a.dataset.from === ask.elements.from.value &&
			a.dataset.to === ask.elements.to.value)
			a.setAttribute("aria-current", "true");
		else
			a.removeAttribute("aria-current");
}

if (ask) {
	ask.addEventListener("input", () => {
		markPeriod();
		soon();
	});
	ask.addEventListener("submit", (e) => {
		e.preventDefault();
		count();
	});
	ask.addEventListener("click", (e) => {
		const a = e.target.closest(".chips a");

		if (!a || e.ctrlKey || e.metaKey || e.shiftKey)
			return;
		e.preventDefault();
		ask.elements.from.value = a.dataset.from;
		ask.elements.to.value = a.dataset.to;
		markPeriod();
		count();
	});
	if (document.getElementById("totals").dataset.counted === "" &&
		!document.querySelector("#totals .error"))
		count();
}

// ---- a report in the making ------------------------------------------------

async function follow(looks) {
	const card = document.getElementById("order-card");

	if (!card || card.dataset.live === "" || looks >= LOOKS_MAX)
		return;
	await new Promise((done) => setTimeout(done,
		looks < 60 ? LOOK_MS : LOOK_SLOW_MS));
	try {
		const fresh = await part(location.pathname, "order-card");

		if (!fresh) {
			location.reload();
			return;
		}
		card.replaceWith(fresh);
	} catch {
		// The network is away: the next look may go through.
	}
	follow(looks + 1);
}

follow(0);

// ---- forms -------------------------------------------------------------------

// What was typed outlives a session that ended, within this tab.
for (const form of document.querySelectorAll("form[data-draft]")) {
	const key = `draft ${form.dataset.draft}`;
	const fields = [...form.elements].filter((e) =>
		e.name && e.type !== "hidden");
	let kept = {};

	try {
		kept = JSON.parse(sessionStorage.getItem(key)) ?? {};
	} catch {
		// Not ours, or not allowed: there is no draft.
	}
	for (const e of fields)
		if (e.type === "radio")
			e.checked ||= kept[e.name] === e.value;
		else if (e.value === "" && kept[e.name])
			e.value = kept[e.name];
	form.addEventListener("input", () => {
		try {
			sessionStorage.setItem(key, JSON.stringify(
				Object.fromEntries(new FormData(form).entries()
					.filter(([name]) => name !== "csrf" &&
						name !== "ikey"))));
		} catch {
			// No room: the form itself still holds it.
		}
	});
}

// A second click on the same button sends nothing.
document.addEventListener("submit", (e) => {
	const button = e.submitter ?? e.target.querySelector("button");

	if (e.defaultPrevented || e.target.method !== "post" || !button)
		return;
	if (button.getAttribute("aria-disabled") === "true") {
		e.preventDefault();
		return;
	}
	button.setAttribute("aria-disabled", "true");
	button.classList.add("busy");
});

// Back from the next page, everything can be sent again.
window.addEventListener("pageshow", (e) => {
	if (e.persisted)
		location.reload();
});

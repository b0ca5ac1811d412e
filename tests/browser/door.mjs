// door.mjs: the door of the cabinet in a real browser: a wrong password, the
// first login with a password that was made up, and leaving.
//
//	node door.mjs FOLDER     FOLDER: of tools/run; screenshots go to build/shots
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { DESK, PHONE, check, env, folder, plain, runTests, shots }
	from "./suite.mjs";

const OWN = "тридцать три коровы";
const login = `door${process.pid}`;

const ctl = (...args) => execFileSync(join(process.env.KVITOK_PROGRAMS ??
	"build", "kvitokctl"), ["-c", join(folder, "kvitok.conf"), ...args],
{ encoding: "utf8" });

const once = ctl("staff", "add", login, "--name", "Ольга", "--portal",
	"portalgkh", "--rights", "report").trim().split(" ")[1];

const type = async (b, field, text) => (await b.find(field)).type(text);
const press = async (b) => (await b.find("#go")).click();
const words = async (b) => plain(await b.run(
	"return document.querySelector('main').innerText"));

async function shoot(b, name) {
	for (const [size, where] of [[PHONE, "phone"], [DESK, "desk"]]) {
		await b.resize(...size);
		const over = await b.run(`return document.documentElement
			.scrollWidth - document.documentElement.clientWidth`);
		check(`${name} is ${over} px too wide`, over <= 0);
		await b.whole(join(shots, `${name}-${where}.png`));
	}
}

const tests = {
	"a wrong password is told, and the login stays": async (b) => {
		await b.go(`${env.KVITOK_URL}/cabinet/reports`);
		await shoot(b, "door");
		await type(b, "#login", login);
		await type(b, "#password", "не тот пароль, увы");
		await press(b);
		await b.find("#alert:not([hidden])");
		check("the words", (await words(b)).includes("Неверный логин или"));
		check("the login stays", await b.run(
			"return document.querySelector('#login').value") === login);
		check("the password goes", await b.run(
			"return document.querySelector('#password').value") === "");
		check("the next key goes into the password", await b.run(
			"return document.activeElement.id") === "password");
		await shoot(b, "door-wrong");
	},

	"a password that was made up leads to a new one": async (b) => {
		await type(b, "#password", once);
		await press(b);
		await b.find("#again");
		check("the words", (await words(b)).includes("выдан администратором"));
		await type(b, "#old", once);
		await type(b, "#password", OWN);
		await type(b, "#again", `${OWN}!`);
		await press(b);
		await b.find("#again-error:not([hidden])");
		check("the words", (await words(b)).includes("Пароли не совпадают"));
		await shoot(b, "door-password");
		await type(b, "#old", once);
		await type(b, "#password", OWN);
		await type(b, "#again", OWN);
		await press(b);
		await b.find("a.button[href='/cabinet/']");
		check("the words", (await words(b)).includes("Пароль изменён"));
		await (await b.find("a.button[href='/cabinet/']")).click();
		await b.find(".menu");
	},

	"who has left is led to the door, and back in again": async (b) => {
		await b.go(`${env.KVITOK_URL}/cabinet/password`);
		await (await b.find("#logout")).click();
		await b.find("#login");
		check("the words", (await words(b)).includes("Вы вышли из кабинета"));
		await b.go(`${env.KVITOK_URL}/cabinet/reports`);
		await type(b, "#login", login.toUpperCase());
		await type(b, "#password", OWN);
		await press(b);
		await b.find(".menu");
		check("the page that was asked for",
			(await b.url()).includes("/cabinet/reports"));
		check("no script reads the session", !(await b.run(
			"return document.cookie")).includes("kvitok"));
	},
};

await runTests("door", tests);

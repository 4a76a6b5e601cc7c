// Begin here: one tab, one surveyor, one code; then the home screen and the sending in the background.
import { busy, resume, start } from "./interview.js";
import { render, waiting } from "./list.js";
import { at, language, make, say, show, tell } from "./page.js";
import { able } from "./seal.js";
import { forget, interviews, keep, open, read, remove } from "./store.js";
import { synchronise } from "./sync.js";
import { LEAST, create, unlock } from "./vault.js";

const EVERY = 60000;
const LOW = 20; // MB
const IDLE = 10 * 60000; // then the device's code is asked for again
const state = { me: null, bundle: null, key: null };

const PROOF = 30 * 86400000; // how long a confirmed interview's reference is shown

async function refresh() {
  const me = (await read("active")) ?? null;
  if (me !== state.me) state.key = null; // another surveyor signed in: their own code, their own interviews
  state.me = me;
  state.bundle = me ? await read(`bundle ${me}`) : null;
  await render(state, { start: begin, resume: goOn, refresh });
  if (!busy()) await home();
}

async function home() {
  at("locked-who").textContent = state.bundle?.name ?? say("need_once");
  if (state.key) return show("home");
  const vault = state.me && (await read(`vault ${state.me}`));
  at("unlock").hidden = !vault;
  at("first").hidden = !!vault || !state.me;
  show("locked");
}

const done = async () => {
  await refresh();
  await send();
};
const begin = (assignment) => {
  tell("interview", "");
  start(assignment, state, done);
};
const goOn = (one) => {
  tell("interview", "");
  resume(one, state, done);
};

// --- the device's code

at("first").addEventListener("submit", async (event) => {
  event.preventDefault();
  const code = at("new-pin").value;
  if (code.length < LEAST) return tell("pin", say("short_pin"), "error");
  if (code !== at("again-pin").value) return tell("pin", say("pins_differ"), "error");
  const made = await create(code);
  await keep(`vault ${state.me}`, made.vault);
  await opened(made.key);
});

at("unlock").addEventListener("submit", async (event) => {
  event.preventDefault();
  const key = await unlock(await read(`vault ${state.me}`), at("pin").value);
  at("pin").value = "";
  if (!key) return tell("pin", say("wrong_pin"), "error");
  await opened(key);
});

async function opened(key) {
  state.key = key;
  for (const field of ["pin", "new-pin", "again-pin"]) at(field).value = "";
  tell("pin", "");
  await refresh();
  const persistent = (await navigator.storage?.persist?.()) ?? false;
  tell("persist", persistent ? "" : say("not_persistent"));
}

at("forget").addEventListener("click", async () => {
  const drafts = (await interviews()).filter((one) => one.me === state.me && one.state === "draft");
  if (!confirm(say("forget", drafts.length))) return;
  for (const one of drafts) await remove(one.id);
  await forget(`vault ${state.me}`);
  await refresh();
});

// --- sending

async function send() {
  if (!navigator.onLine) return network("offline");
  network("sending");
  const { outcome } = await synchronise(refresh);
  network(outcome === "offline" ? "offline" : "online");
  const more = outcome === "signed_out" ? [make("p", { className: "actions" }, make("a", { className: "button primary", href: `/accounts/login/?next=/field/app/${language}/` }, say("sign_in")))] : [];
  tell("sending", ["done", "offline"].includes(outcome) ? "" : say(outcome), "warning", ...more);
  await refresh();
}

function network(word) {
  at("network").textContent = say(word);
  at("network").dataset.state = word;
}

at("send").addEventListener("click", send);
addEventListener("online", send);
addEventListener("offline", () => network("offline"));
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && send());
setInterval(async () => waiting(await interviews(), state.me).length && send(), EVERY);

// --- left alone: locked again, as whoever finds the device must not read drafts; every answer is on the disk by then

let touched = performance.now(); // not the device's own time, which jumps
for (const kind of ["pointerdown", "keydown", "input"]) addEventListener(kind, () => (touched = performance.now()));

function lockIfLeft() {
  const kept = !at("message-full") && navigator.serviceWorker?.controller; // otherwise answers or the page itself would be lost
  if (state.key && kept && performance.now() - touched > IDLE) location.reload();
}

document.addEventListener("visibilitychange", lockIfLeft);
setInterval(lockIfLeft, 30000);

// --- space

async function space() {
  const { quota, usage } = (await navigator.storage?.estimate?.()) ?? {};
  const left = quota ? (quota - usage) / 1e6 : Infinity;
  tell("low", left < LOW ? say("low", left) : "", "error");
}

// --- installing and updating

addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  at("install").hidden = false;
  at("install").onclick = async () => {
    at("install").hidden = true;
    await event.prompt();
  };
});

async function work() {
  const registration = await navigator.serviceWorker.register("/field/app/worker.js", { scope: "/field/app/" });
  const offer = () => (at("update").hidden = !(registration.waiting && navigator.serviceWorker.controller));
  registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", offer));
  offer();
  at("update-now").addEventListener("click", () => {
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
    registration.waiting?.postMessage("take over");
  });
}

// --- beginning

// Two tabs would write over each other's drafts: the second one waits.
function alone(then) {
  if (!navigator.locks) return then();
  navigator.locks.request("prongsai-field", { ifAvailable: true }, (lock) => {
    if (!lock) return tell("tabs", say("two_tabs"), "error");
    then();
    return new Promise(() => {});
  });
}

async function run() {
  try {
    await open();
    if (!(await able())) throw new Error("no X25519");
  } catch {
    return tell("storage", say("no_storage"), "error");
  }
  if ("serviceWorker" in navigator) work().catch(() => {});
  for (const one of await interviews()) if (one.state === "confirmed" && one.confirmed < Date.now() - PROOF) await remove(one.id);
  await refresh();
  await space();
  await send();
}

alone(run);

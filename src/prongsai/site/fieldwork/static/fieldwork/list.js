// The home screen: quotas, and the queue with the state of every interview on this device.
import { clockWords } from "./clock.js";
import { at, both, day, make, moment, say, tell } from "./page.js";
import { interviews, remove } from "./store.js";

const TONES = { draft: "", ready: "warn", sent: "warn", confirmed: "good", refused: "bad" };
const ORDER = ["draft", "refused", "ready", "sent", "confirmed"];
const WAITING = ["ready", "sent", "refused"];
let drawn = "";

// How many wait to be sent, of this surveyor.
export const waiting = (all, me) => all.filter((one) => one.me === me && WAITING.includes(one.state));

export async function render(state, { start, resume, refresh }) {
  const all = await interviews();
  const own = all.filter((one) => one.me === state.me);
  const picture = JSON.stringify([state.me, !!state.key, state.bundle?.assignments, all.map((one) => [one.id, one.state, one.reason])]);
  tell("clock", state.bundle ? clockWords(state.bundle.ahead) : "");
  if (picture === drawn) return; // whoever stands on a button with the keyboard stays there
  drawn = picture;
  const others = all.filter((one) => one.me !== state.me && one.state !== "confirmed").length;
  tell("others", others ? say("others", others) : "");
  const listed = state.bundle?.assignments ?? [];
  at("assignments").replaceChildren(...listed.map((one) => card(one, own, start)));
  if (!listed.length) at("assignments").append(make("li", { className: "empty" }, make("p", {}, say(state.bundle ? "no_work" : "need_once"))));
  const left = waiting(all, state.me).length;
  const drafts = own.filter((one) => one.state === "draft").length;
  at("left").textContent = left ? say("left", left) : own.length && !drafts ? say("all_sent") : "";
  at("send").classList.toggle("primary", left > 0);
  own.sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || b.started - a.started);
  at("interviews").replaceChildren(...own.map((one) => entry(one, state, { resume, refresh })));
  if (!own.length) at("interviews").append(make("li", { className: "empty" }, make("p", {}, say("empty"))));
}

function card(one, own, start) {
  // What the server counted, and what it has not seen yet.
  const mine = own.filter((i) => i.assignment === one.id);
  const done = one.brought + mine.filter((i) => ["ready", "sent"].includes(i.state)).length;
  const name = `q${one.id}`;
  const parts = [
    make("h2", { id: name }, both(one.agency)),
    make("p", { className: "soft" }, `${both(one.round)} · ${one.container}`),
    make("p", {}, make("strong", {}, say("done_of", done, one.quota)), one.closes ? ` · ${say("closes", day(one.closes))}` : ""),
    make("progress", { max: Math.max(one.quota, 1), value: Math.min(done, one.quota), "aria-labelledby": name }),
    one.note ? make("p", {}, one.note) : null,
    one.contact ? make("p", { className: "soft" }, say("ask", one.contact)) : null,
  ];
  if (one.returned.length) {
    const reasons = one.returned.map((back) => make("li", {}, say("returned_one", moment(back.began), back.reason)));
    parts.push(make("div", { className: "note warning" }, make("p", {}, make("strong", {}, say("was_returned", one.returned.length))), make("ul", {}, ...reasons)));
  }
  if (done >= one.quota && one.key) parts.push(make("p", { className: "soft" }, say("over_quota")));
  parts.push(
    one.key
      ? make("p", { className: "actions" }, make("button", { className: done < one.quota ? "primary" : "", "aria-describedby": name, onclick: () => start(one) }, say("start")))
      : make("p", { className: "soft" }, say("not_open")),
  );
  return make("li", { className: "card" }, ...parts);
}

function entry(one, state, { resume, refresh }) {
  const actions = [];
  if (one.state === "draft" && state.key) actions.push(make("button", { className: "primary small", onclick: () => resume(one) }, say("go_on")));
  if (one.state === "refused") {
    const sure = async () => {
      if (!confirm(say("sure_remove"))) return;
      await remove(one.id);
      await refresh();
    };
    actions.push(make("button", { className: "danger small", onclick: sure }, say("remove")));
  }
  return make(
    "li",
    { className: `entry ${one.state}`, "data-state": one.state },
    make("span", { className: `badge ${TONES[one.state]}` }, say(one.state)),
    make("span", { className: "grow" }, both(one.agency), make("br"), make("small", { className: "soft" }, `${say("begun", moment(one.started))} · ${say("proof", one.id.slice(0, 8))}`), one.reason ? make("p", { className: "field-error" }, both(one.reason)) : null),
    ...actions,
  );
}

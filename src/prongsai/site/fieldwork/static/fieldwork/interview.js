// One interview: consent, eligibility, one line per screen, review. Every choice is on disk before the next screen.
import { Stopwatch } from "./clock.js";
import { begin, finish, lines, saveDraft, whole } from "./draft.js";
import { at, both, isShown, make, say, show, tell } from "./page.js";
import { remove } from "./store.js";
import { decrypt } from "./vault.js";

const NAMES = { th: "ภาษาไทย", en: "English", "ms-Arab": "بهاس ملايو", "ms-Latn": "Bahasa Melayu", ms: "Bahasa Melayu" };
const ELIGIBLE = "eligible";
let now = null; // {one, form, key, content: {language, answers, step}, watch, done}

// Where a content stands: -1 is the eligibility question, then the lines, then the review.
const last = () => lines(now.form).length;

export function start(assignment, state, done) {
  const form = state.bundle.forms[assignment.form];
  now = { one: begin(state.me, assignment), form, key: state.key, content: { language: form.languages[0], answers: {}, step: -1 }, watch: new Stopwatch(), done };
  consent();
}

export async function resume(one, state, done) {
  const form = state.bundle?.forms[one.form];
  if (!form) return tell("interview", say("not_open"));
  now = { one, form, key: state.key, content: await decrypt(state.key, one.box), watch: new Stopwatch(one.seconds), done };
  step();
}

export const busy = () => now !== null;

function consent() {
  at("consent-agency").textContent = `${both(now.one.agency)} · ${now.one.container}`;
  const choices = now.form.languages.map((tag, n) => {
    const name = NAMES[tag] ?? tag;
    const note = now.form.drafts.includes(tag) ? ` (${say("draft_language")})` : "";
    return make("label", { className: "choice" }, make("input", { type: "radio", name: "language", value: tag, checked: n === 0 }), make("span", {}, make("span", { lang: tag }, name), note));
  });
  at("languages").replaceChildren(at("languages").firstElementChild, ...choices);
  at("languages").hidden = choices.length < 2;
  show("consent");
}

// One save after the other: encryption of two at once may end in any order, and the older must not win.
// "Saved" is said of the last one only: an earlier one that ends now has not kept what was just chosen.
let saving = Promise.resolve();
let newest = 0;

function store() {
  const mine = ++newest;
  at("ask-saved").textContent = "";
  saving = saving.then(() => storeNow(mine));
  return saving;
}

async function storeNow(mine) {
  if (!now) return true;
  try {
    await saveDraft(now.one, now.key, now.content, now.watch.seconds);
    tell("full", "");
    if (mine === newest) at("ask-saved").textContent = say("saved");
    return true;
  } catch {
    tell("full", say("full"), "error");
    return false;
  }
}

const text = (node) => now.form.texts[now.content.language]?.[node] ?? now.form.texts.th[node] ?? "";

function step() {
  const { content } = now;
  if (content.step >= last()) return review();
  const line = content.step < 0 ? null : lines(now.form)[content.step];
  const head = line ? text(line.question.code) : text(ELIGIBLE);
  const rows = line && line.code !== line.question.code;
  const form = at("question");
  form.lang = content.language;
  form.dir = content.language.endsWith("-Arab") ? "rtl" : "ltr";
  at("ask-topic").textContent = line ? text(line.question.indicator) : "";
  at("ask-head").textContent = head;
  at("ask-row").textContent = rows ? text(line.code) : "";
  at("ask-error").textContent = at("ask-saved").textContent = "";
  at("ask-step").textContent = say("step", content.step + 2, last() + 1);
  at("ask-progress").max = last() + 1;
  at("ask-progress").value = content.step + 1;
  const options = line ? line.options.map((key) => [key, text(`${line.scale}:${key}`)]) : [["yes", YES[content.language] ?? YES.th], ["no", NO[content.language] ?? NO.th]];
  const chosen = line ? content.answers[line.code] : content.eligible;
  at("choices").replaceChildren(...options.map(([key, label]) => make("label", { className: "choice" }, make("input", { type: "radio", name: "answer", value: key, checked: key === chosen, onchange: () => choose(line, key) }), make("span", {}, label))));
  at("back").hidden = content.step < 0;
  const was = isShown("ask");
  show("ask");
  if (was) {
    scrollTo(0, 0);
    at("ask-head").focus({ preventScroll: true });
  }
}

const YES = { th: "ใช่", en: "Yes" };
const NO = { th: "ไม่ใช่", en: "No" };

async function choose(line, key) {
  if (line) now.content.answers[line.code] = key;
  else now.content.eligible = key;
  at("ask-error").textContent = "";
  await store();
}

async function forward() {
  const line = now.content.step < 0 ? null : lines(now.form)[now.content.step];
  const chosen = line ? now.content.answers[line.code] : now.content.eligible;
  if (!chosen) {
    at("ask-error").textContent = say("choose");
    at("choices").querySelector("input").focus();
    return;
  }
  if (!line && chosen === "no") return drop("nothing_kept");
  const before = now.content.step;
  now.content.step = now.content.review ? last() : before + 1;
  at("next").disabled = true; // a second tap must not skip a question
  const kept = await store();
  at("next").disabled = false;
  if (kept) step();
  else now.content.step = before;
}

function review() {
  now.content.review = true;
  const listed = lines(now.form).map((line, n) => {
    const head = line.code === line.question.code ? text(line.code) : `${text(line.question.code)} ${text(line.code)}`;
    const given = now.content.answers[line.code];
    const change = () => {
      now.content.step = n;
      step();
    };
    return make(
      "li",
      { className: "entry" },
      make("span", { className: "grow", lang: now.content.language }, head, make("br"), make("strong", {}, given ? text(`${line.scale}:${given}`) : say("unfinished"))),
      make("button", { className: "small", onclick: change, "aria-label": `${say("change")} ${n + 1}` }, say("change")),
    );
  });
  at("answers").replaceChildren(...listed);
  at("finish").disabled = !whole(now.form, now.content.answers);
  show("review");
}

async function drop(word) {
  await saving;
  await remove(now.one.id);
  leave(say(word));
}

function leave(message, tone = "success") {
  const { done } = now;
  now = null;
  done();
  tell("interview", message, tone);
}

async function complete() {
  at("finish").disabled = true;
  await saving;
  try {
    await finish(now.one, now.form, now.content.answers, now.watch.seconds);
  } catch {
    at("finish").disabled = false;
    return tell("full", say("full"), "error");
  }
  tell("full", "");
  leave(say("finished"));
}

at("agrees").addEventListener("click", async () => {
  now.content.language = document.querySelector("input[name=language]:checked")?.value ?? now.content.language;
  now.watch = new Stopwatch();
  now.one.started = Date.now();
  if (await store()) step();
});
at("declines").addEventListener("click", () => leave(say("nothing_kept")));
at("question").addEventListener("submit", (event) => {
  event.preventDefault();
  forward();
});
at("back").addEventListener("click", async () => {
  now.content.step -= 1;
  now.content.review = false;
  await store();
  step();
});
at("review-back").addEventListener("click", () => {
  now.content.step = last() - 1;
  now.content.review = false;
  step();
});
at("pause").addEventListener("click", async () => {
  if (await store()) leave("");
});
at("discard").addEventListener("click", () => confirm(say("sure_discard")) && drop("nothing_kept"));
at("finish").addEventListener("click", complete);

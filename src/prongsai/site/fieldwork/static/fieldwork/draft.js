// One interview on its way: draft -> ready -> sent -> confirmed (or refused, with the server's reason).
// A draft's answers lie encrypted in `box`; from ready on there is only `sealed`; a confirmed one has neither.
import { seal } from "./seal.js";
import { save } from "./store.js";
import { encrypt } from "./vault.js";

const CHARACTERS = "0123456789abcdefghijklmnopqrstuvwxyz"; // as in src/prongsai/survey/answers.py

export function begin(me, assignment) {
  const id = [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");
  return {
    id, me, state: "draft",
    assignment: assignment.id, agency: assignment.agency, container: assignment.container,
    form: assignment.form, key: assignment.key,
    started: Date.now(), ended: null, seconds: 0,
  };
}

export async function saveDraft(one, key, content, seconds) {
  const box = await encrypt(key, content);
  await save({ ...one, box, seconds, changed: Date.now() });
}

export const lines = (form) => form.questions.flatMap((q) => q.lines.map(([code, scale, options]) => ({ question: q, code, scale, options })));
export const whole = (form, answers) => lines(form).every((line) => line.options.includes(answers[line.code]));

// Seal it; from here on nobody can read it on this device. Throws where an answer is missing or space is.
export async function finish(one, form, answers, seconds) {
  if (!whole(form, answers)) throw new Error("an answer is missing");
  const characters = lines(form).map((line) => CHARACTERS[line.options.indexOf(answers[line.code])]).join("");
  const sealed = await seal(`${form.version}/${form.container}/${characters}`, one.key);
  const { box, key, ...rest } = one;
  await save({ ...rest, state: "ready", sealed, key: key.id, ended: Date.now(), seconds, changed: Date.now() });
}

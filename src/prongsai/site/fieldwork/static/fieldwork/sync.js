// Sending: take along what is new, then send what is ready, a few at a time. Safe to break off anywhere: what has no
// answer yet is sent again, and the server knows every interview by its id.
import { amend, interviews, keep } from "./store.js";

const TOGETHER = 20;
const PATIENCE = 30000;
const BUNDLE = "/field/bundle/";
const SYNC = "/field/sync/";
let running = null;
let after = null;

// One at a time. Who asks while one is under way gets one more: that one began before whatever made them ask (a new
// login, an interview just finished). Returns {outcome, ahead?}: done, offline, signed_out, no_role, server.
export function synchronise(changed) {
  if (!running) return (running = synchroniseNow(changed).finally(() => (running = null)));
  const next = () => ((after = null), synchronise(changed));
  return (after ??= running.then(next, next));
}

async function ask(address, how = {}) {
  const stop = AbortSignal.timeout(PATIENCE);
  // A page that asks to sign in would be a redirect: not followed, so that it can be told from an answer.
  return fetch(address, { cache: "no-store", credentials: "same-origin", redirect: "manual", signal: stop, ...how });
}

function fault(answer) {
  if (answer.type === "opaqueredirect" || answer.status === 403 || answer.status === 401) return "signed_out";
  if (answer.status === 404) return "no_role";
  return "server";
}

async function synchroniseNow(changed) {
  try {
    const answer = await ask(BUNDLE);
    if (!answer.ok) return { outcome: fault(answer) };
    const { token, ...bundle } = await answer.json();
    bundle.ahead = Math.round((Date.now() - bundle.now) / 1000);
    await keep(`bundle ${bundle.me}`, bundle);
    await keep("active", bundle.me);
    await changed();
    const waiting = (await interviews()).filter((one) => one.me === bundle.me && ["ready", "sent", "refused"].includes(one.state));
    for (let at = 0; at < waiting.length; at += TOGETHER) {
      const outcome = await sendSome(waiting.slice(at, at + TOGETHER), token, changed);
      if (outcome !== "done") return { outcome };
    }
    return { outcome: "done", sent: waiting.length };
  } catch (error) {
    if (error instanceof TypeError || error.name === "TimeoutError" || error.name === "AbortError") return { outcome: "offline" };
    if (error instanceof SyntaxError) return { outcome: "server" }; // a proxy's page instead of our answer
    throw error;
  }
}

async function sendSome(some, token, changed) {
  // What was refused stays so, with its reason, until the server says otherwise.
  for (const one of some) await amend(one.id, (now) => (now.sealed && now.state !== "refused" ? { ...now, state: "sent" } : null));
  await changed();
  const plain = some.map(({ id, assignment, key, started, ended, seconds, sealed }) => ({ id, assignment, key, started, ended, seconds, sealed }));
  const answer = await ask(SYNC, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify({ now: Date.now(), interviews: plain }),
  });
  if (!answer.ok) return fault(answer);
  for (const result of (await answer.json()).results) await settle(result);
  await changed();
  return "done";
}

// Only the server's word wipes an answer here; a line with its reference stays as proof.
const settle = (result) =>
  amend(result.id, (now) => {
    if (!now.sealed) return null;
    if (result.outcome === "refused") return { ...now, state: "refused", reason: { th: result.th, en: result.en } };
    if (result.outcome !== "stored" && result.outcome !== "here") return null;
    const { sealed, key, reason, ...rest } = now;
    return { ...rest, state: "confirmed", confirmed: Date.now() };
  });

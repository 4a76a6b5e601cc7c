// The page's words and parts. Words come from the server in the page's language.
export const language = document.documentElement.lang;
const words = JSON.parse(document.getElementById("words").textContent);

export function say(key, n, all) {
  const written = (value) => (typeof value === "number" ? Math.round(value).toLocaleString(language) : value);
  return words[key].replace("{n}", written(n)).replace("{when}", written(n)).replace("{all}", written(all)).replace("{reason}", all);
}

export const both = (texts) => texts?.[language] ?? texts?.th ?? "";
export const at = (id) => document.getElementById(id);

export function make(tag, how = {}, ...inside) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(how)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name in made) made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...inside.filter((one) => one !== null && one !== undefined && one !== ""));
  return made;
}

export function moment(milliseconds) {
  if (!milliseconds) return "–";
  const how = { dateStyle: "medium", timeStyle: "short", timeZone: "Asia/Bangkok" };
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : "th-TH-u-ca-buddhist", how).format(milliseconds);
}

export function day(iso) {
  const how = { dateStyle: "long", timeZone: "Asia/Bangkok" };
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : "th-TH-u-ca-buddhist", how).format(new Date(`${iso}T12:00:00+07:00`));
}

const SCREENS = { locked: ["locked", "queue"], home: ["home", "queue"], consent: ["consent"], ask: ["ask"], review: ["review"] };
let shown = "";

// Show a screen and lead eyes and screen readers to its beginning.
export function show(name, focus = true) {
  const sections = SCREENS[name];
  for (const section of document.querySelectorAll("main > section")) section.hidden = !sections.includes(section.id);
  document.body.dataset.screen = name; // notices about the device stay out of an interview
  const changed = shown !== name;
  shown = name;
  if (focus && changed) {
    scrollTo(0, 0);
    at(`${name}-head`).focus({ preventScroll: true });
  }
}

export const isShown = (name) => shown === name;

// A message that stays until the next of its kind; an empty text takes it away.
export function tell(kind, text, tone = "warning", ...more) {
  at(`message-${kind}`)?.remove();
  if (text) at("messages").append(make("div", { id: `message-${kind}`, className: `note ${tone}` }, make("p", {}, text), ...more));
}

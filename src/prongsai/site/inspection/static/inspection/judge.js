// One key per decision. Keys are told by their place (event.code): on a Thai keyboard the key “1” types ๅ.
// Without this script the form works as any other. Single keys can be switched off; the browser remembers that.
const form = document.querySelector("form[data-verdict]");
const toggle = document.querySelector("[data-keys]");
const STORED = "prongsai-keys";
const remembered = (() => { try { return localStorage.getItem(STORED); } catch { return null; } })();
if (toggle) {
  toggle.checked = remembered !== "off";
  toggle.addEventListener("change", () => { try { localStorage.setItem(STORED, toggle.checked ? "on" : "off"); } catch { /* not kept */ } });
}
const sentence = form?.querySelector("[name=sentence]");
const choose = (verdict) => {
  verdict.checked = true;
  verdict.focus();
  if (!("full" in verdict.dataset)) {
    (form.querySelector("[name=missing]:checked") || form.querySelector("[name=missing]"))?.focus();
  } else if (sentence.required || form.querySelector("[name=sentence][aria-required=true]") || document.querySelector("blockquote")) {
    sentence.focus(); // a decision on a clarification always gives its reason
  } else {
    form.requestSubmit();
  }
};
document.addEventListener("keydown", (event) => {
  if (!form) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
    return;
  }
  const typing = event.target.matches("input:not([type=radio], [type=checkbox]), textarea, select");
  if (typing && event.key === "Escape") event.target.blur();
  if (typing || event.repeat || event.ctrlKey || event.altKey || event.metaKey || (toggle && !toggle.checked)) return;
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
  const letter = /^Key([A-Z])$/.exec(event.code)?.[1].toLowerCase();
  const verdict = digit && form.querySelectorAll("[name=verdict]")[Number(digit) - 1];
  const target = letter && document.querySelector(`[data-key="${letter}"]`);
  const element = letter && form.querySelector(`[data-letter="${letter}"]`);
  if (verdict) choose(verdict);
  else if (target) target.click();
  else if (element && element.checkVisibility()) {
    element.checked = true;
    sentence.focus();
  } else return;
  event.preventDefault();
});
for (const link of document.querySelectorAll("[data-live]")) {
  link.addEventListener("click", () => { const live = form?.querySelector("[name=live]"); if (live) live.checked = true; });
}
for (const button of document.querySelectorAll("[data-use]")) {
  button.hidden = false;
  button.addEventListener("click", () => { sentence.value = button.dataset.use; sentence.focus(); });
}

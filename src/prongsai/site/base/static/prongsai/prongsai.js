// Small comforts. Every page works without them.
"use strict";

// The line below a B.E. date says how it was understood.
const MONTHS = ["มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน", "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม"];
const arabic = (text) => text.replace(/[๐-๙]/g, (digit) => "๐๑๒๓๔๕๖๗๘๙".indexOf(digit));
function previewDate(box) {
  const [day, month, typed] = [...box.querySelectorAll("input, select")].map((field) => Number(arabic(field.value.trim())));
  const year = typed >= 2400 ? typed - 543 : typed;
  const date = new Date(Date.UTC(year, month - 1, day));
  const real = day && month && year >= 1900 && date.getUTCDate() === day && date.getUTCMonth() === month - 1;
  box.querySelector("output").textContent = real ? `${day} ${MONTHS[month - 1]} ${year + 543} (${date.toISOString().slice(0, 10)})` : "";
}
document.addEventListener("input", (event) => {
  const box = event.target.closest("[data-thai-date]");
  if (box) previewDate(box);
});

// A form that was changed is not left by accident, and not sent twice.
let changed = false;
document.addEventListener("input", (event) => { if (event.target.closest("form[data-guard]")) changed = true; });
document.addEventListener("submit", (event) => {
  changed = false;
  const button = event.submitter;
  if (button && !event.target.hasAttribute("hx-post")) setTimeout(() => { button.disabled = true; setTimeout(() => { button.disabled = false; }, 8000); });
});
window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });

// An open menu closes when one clicks elsewhere or presses Escape.
document.addEventListener("click", (event) => document.querySelectorAll("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; }));
document.addEventListener("keydown", (event) => { if (event.key === "Escape") document.querySelectorAll("details.menu[open]").forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); }); });

// Rows are added without a round trip; the server does the same without this file.
"use strict";
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-add]");
  if (!button) return;
  event.preventDefault();
  const kind = button.dataset.add;
  const taken = [...document.querySelectorAll(`form.report input[name="${kind}"]`)].map((field) => Number(field.value));
  const number = String(Math.max(-1, ...taken) + 1);
  const row = document.querySelector(`template[data-template="${kind}"]`).content.cloneNode(true);
  for (const element of row.querySelectorAll("*")) {
    for (const { name, value } of [...element.attributes]) if (value.includes("__n__")) element.setAttribute(name, value.replaceAll("__n__", number));
  }
  const rows = document.querySelector(`[data-rows="${kind}"]`);
  rows.append(row);
  rows.lastElementChild.querySelector("textarea, select").focus();
});

// What was chosen, and what the server would refuse for its size, before it is sent over a phone's connection.
document.addEventListener("change", (event) => {
  const field = event.target;
  if (field.type !== "file" || !field.dataset.limit) return;
  const limit = Number(field.dataset.limit);
  field.parentElement.querySelector("output").textContent = [...field.files]
    .map((file) => `${file.name} · ${(file.size / 1048576).toFixed(1)} MB${file.size > limit * 1048576 ? ` · ${field.dataset.tooLarge}` : ""}`)
    .join("\n");
});

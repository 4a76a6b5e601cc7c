// A link to a point or a measure opens the card it stands in; without this file it leads to the card's folded line.
"use strict";
function reveal() {
  const target = location.hash && document.getElementById(location.hash.slice(1));
  const fold = target && (target.querySelector(":scope > .plan-fold") || target.closest(".plan-fold"));
  if (!fold || fold.open) return;
  fold.open = true;
  target.scrollIntoView();
}
addEventListener("hashchange", reveal);
reveal();

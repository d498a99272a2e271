"use strict";
// Shows the rows and columns of the table that are asked for. Without it the whole table is shown.
(function () {
  const form = document.querySelector(".filter");
  if (!form) return;
  const heads = Array.from(document.querySelectorAll(".matrix thead th"));
  const bodies = Array.from(document.querySelectorAll(".matrix tbody"));
  function apply() {
    const text = form.elements.text.value.trim().toLowerCase();
    const verdict = form.elements.verdict.value;
    // A text that is part of an operation's name narrows the columns; otherwise it narrows the laws.
    const named = heads.map((head) => !head.dataset.operation || head.dataset.operation.includes(text));
    const columns = text !== "" && named.slice(1).some(Boolean);
    const shown = heads.map((head, index) => index === 0 || !columns || named[index]);
    heads.forEach((head, index) => { head.hidden = !shown[index]; });
    let count = 0;
    for (const body of bodies) {
      let any = false;
      for (const row of body.querySelectorAll("tr[data-law]")) {
        const cells = Array.from(row.cells);
        cells.forEach((cell, index) => { cell.hidden = !shown[index]; });
        const judged = cells.filter((cell, index) => index > 0 && shown[index] && cell.className !== "");
        const law = text === "" || columns || row.dataset.law.includes(text);
        const matching = verdict === "" ? judged.length > 0
          : judged.some((cell) => cell.className === verdict.replace(" ", "-"));
        row.hidden = !(law && matching);
        any = any || !row.hidden;
        count += row.hidden ? 0 : 1;
      }
      body.hidden = !any;
    }
    form.querySelector("output").textContent = count + " laws";
  }
  // A link from the table opens the finding it leads to.
  function reveal() {
    const target = location.hash.startsWith("#finding-") && document.getElementById(location.hash.slice(1));
    if (target) { target.open = true; target.scrollIntoView(); }
  }
  window.addEventListener("hashchange", reveal);
  reveal();
  form.hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  apply();
})();

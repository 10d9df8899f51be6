"use strict";
// Leafs through the examples; without this they all stand one below the other.
(() => {
  const list = document.querySelector(".examples");
  if (!list) return;
  const controls = document.querySelector(".controls");
  const [output, select, search, answers] =
    ["output", "select", "input[type=search]", "input[type=checkbox]"]
      .map((name) => controls.querySelector(name));
  const items = [...list.children];
  const texts = items.map((item) => item.textContent.toLowerCase());
  let found = items, at = 0;

  const show = () => {
    for (const item of items) item.hidden = item !== found[at];
    output.textContent = found.length
      ? `${at + 1} of ${found.length}` : "none found";
    for (const button of controls.querySelectorAll("button"))
      button.disabled = found.length < 2;
  };
  const step = (by) => {
    if (found.length) at = (at + by + found.length) % found.length;
    show();
  };
  const filter = () => {
    const kind = select.value, word = search.value.trim().toLowerCase();
    found = items.filter((item, i) =>
      (!kind || item.dataset.kinds.split("|").includes(kind)) && texts[i].includes(word));
    at = 0;
    show();
  };

  for (const button of controls.querySelectorAll("button"))
    button.addEventListener("click", () => step(Number(button.dataset.step)));
  select.addEventListener("change", filter);
  search.addEventListener("input", filter);
  answers?.addEventListener("change", () => list.classList.toggle("quiz", !answers.checked));
  document.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const elsewhere = event.target.closest("input, select, summary") || event.altKey
      || event.ctrlKey || event.metaKey || event.shiftKey;
    if (by && !elsewhere) step(by);
  });
  list.classList.add("one");
  list.removeAttribute("tabindex");
  controls.hidden = false;
  show();
})();

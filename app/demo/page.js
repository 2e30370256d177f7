"use strict";
(() => {
  const root = document.documentElement;
  const evidence = document.getElementById("evidence");
  const list = evidence.querySelector("ul");
  const verdict = document.getElementById("evidence-verdict");
  const words = {
    supported: "Rests on",
    claimless: "Makes no claim",
    unsupported: "No fact says so",
    contradicted: "A fact says otherwise",
  };
  let shown = null; // the sentence whose facts are on display
  let pinned = false; // by click, tap or keyboard: stays until dismissed

  const ids = (sentence) => sentence.dataset.facts.split(" ").filter(Boolean);
  const productOf = (element) => element.closest(".product");
  const factsOf = (sentence) =>
    ids(sentence)
      .map((id) => productOf(sentence).querySelector(`.fact[data-id="${CSS.escape(id)}"]`))
      .filter(Boolean);

  function clear() {
    for (const element of document.querySelectorAll(".on")) element.classList.remove("on");
    if (shown) {
      shown.removeAttribute("aria-describedby");
      shown.removeAttribute("aria-pressed");
    }
    evidence.hidden = true;
    shown = null;
    pinned = false;
  }

  function place(sentence) {
    const lines = sentence.getClientRects();
    const last = lines[lines.length - 1];
    const box = evidence.getBoundingClientRect();
    const below = last.bottom + 10 + box.height <= window.innerHeight;
    const above = lines[0].top - box.height - 10;
    const top = below || above < 0 ? last.bottom + 10 : above;
    const left = Math.max(16, Math.min(last.left, root.clientWidth - box.width - 16));
    evidence.style.top = `${top + window.scrollY}px`;
    evidence.style.left = `${left + window.scrollX}px`;
  }

  function show(sentence, pin) {
    clear();
    shown = sentence;
    pinned = pin;
    const facts = factsOf(sentence);
    list.replaceChildren(
      ...facts.map((fact) => {
        const copy = fact.cloneNode(true);
        copy.classList.remove("on", "unused");
        return copy;
      }),
    );
    sentence.classList.add("on");
    for (const fact of facts) fact.classList.add("on");
    const ledger = facts.length > 0 && facts[0].closest(".ledger .ledger-list");
    if (ledger) {
      const [row, box] = [facts[0].getBoundingClientRect(), ledger.getBoundingClientRect()];
      if (row.top < box.top || row.bottom > box.bottom) ledger.scrollTop += row.top - box.top - 40;
    }
    const state = sentence.dataset.verdict;
    verdict.textContent = state === "supported" ? `${words.supported} ${facts.length === 1 ? "one fact" : `${facts.length} facts`}` : words[state];
    evidence.className = `evidence ${state}${pin ? " pinned" : ""}`;
    evidence.hidden = false;
    sentence.setAttribute("aria-describedby", "evidence");
    if (pin) sentence.setAttribute("aria-pressed", "true");
    place(sentence);
  }

  function light(fact) {
    clear();
    const id = fact.dataset.id;
    fact.classList.add("on");
    for (const sentence of productOf(fact).querySelectorAll(".s")) {
      if (ids(sentence).includes(id)) sentence.classList.add("on");
    }
  }

  const target = (event, selector) => (event.target instanceof Element ? event.target.closest(selector) : null);

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch" || pinned) return;
    const sentence = target(event, ".s");
    const fact = target(event, ".product .fact");
    if (sentence) sentence === shown || show(sentence, false);
    else if (fact) light(fact);
    else clear();
  });
  document.addEventListener("focusin", (event) => {
    const sentence = target(event, ".s");
    if (sentence && sentence.matches(":focus-visible")) show(sentence, true);
  });
  document.addEventListener("click", (event) => {
    const sentence = target(event, ".s");
    if (sentence) return pinned && sentence === shown ? clear() : show(sentence, true);
    if (!target(event, "#evidence") || target(event, "#close")) clear();
  });

  // One stop of the Tab key per product; the arrow keys walk its sentences.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return clear();
    const sentence = target(event, ".s");
    if (!sentence) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      return show(sentence, true);
    }
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = [...productOf(sentence).querySelectorAll(".s")];
    const next = all[all.indexOf(sentence) + step];
    if (!next) return;
    sentence.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });

  // Search and category
  const search = document.getElementById("search");
  const chips = [...document.querySelectorAll(".chip")];
  const products = [...document.querySelectorAll("main > .product")];
  const texts = new Map(products.map((product) => [product, product.textContent.toLowerCase()]));
  let group = "";

  function filter() {
    clear();
    const needles = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const product of products) {
      const fits = (!group || product.dataset.group === group) && needles.every((needle) => texts.get(product).includes(needle));
      product.hidden = !fits;
      count += fits;
    }
    document.getElementById("count").textContent = count === 1 ? "1 product" : `${count} products`;
    document.getElementById("none").hidden = count > 0;
  }
  search.addEventListener("input", filter);
  for (const chip of chips) {
    chip.addEventListener("click", () => {
      group = chip.dataset.filter;
      for (const other of chips) other.setAttribute("aria-pressed", String(other === chip));
      filter();
    });
  }
  document.getElementById("reset").addEventListener("click", () => {
    search.value = "";
    chips[0].click();
  });

  // Switches. The choice of theme is remembered where the browser allows it (a file: page may not be).
  const ids_switch = document.getElementById("ids");
  ids_switch.addEventListener("click", () => {
    ids_switch.setAttribute("aria-pressed", String(root.classList.toggle("show-ids")));
  });
  const remembered = (value) => {
    try {
      return value ? localStorage.setItem("shelftalker-theme", value) : localStorage.getItem("shelftalker-theme");
    } catch {
      return null;
    }
  };
  if (remembered()) root.dataset.theme = remembered();
  document.getElementById("theme").addEventListener("click", () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    remembered(root.dataset.theme);
  });

  // On small screens the ledger starts folded: the sentence brings its own facts.
  if (matchMedia("(max-width: 940px)").matches) {
    for (const ledger of document.querySelectorAll(".ledger details")) ledger.open = false;
  }
  window.addEventListener("resize", () => shown && place(shown));
})();

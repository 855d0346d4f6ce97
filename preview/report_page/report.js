"use strict";
(() => {
  const root = document.documentElement;
  const tip = document.getElementById("tip");

  // theme: the system's, light or dark; kept where the browser lets us
  const button = document.getElementById("theme");
  const themes = ["system", "light", "dark"];
  const kept = { get: () => null, set: () => {} };
  try {
    const store = window.localStorage;
    kept.get = () => store.getItem("aigw-report-theme");
    kept.set = (theme) => store.setItem("aigw-report-theme", theme);
  } catch { /* a page opened from a file may have no storage */ }
  const show = (theme) => {
    if (theme === "system") delete root.dataset.theme;
    else root.dataset.theme = theme;
    button.textContent = `Theme: ${theme}`;
  };
  let theme = themes.includes(kept.get()) ? kept.get() : "system";
  show(theme);
  button.hidden = false;
  button.addEventListener("click", () => {
    theme = themes[(themes.indexOf(theme) + 1) % themes.length];
    show(theme);
    kept.set(theme);
  });

  // what a shape tells is shown by us, for pointer and keyboard alike, not by the browser
  for (const title of document.querySelectorAll("g.tip > title, g.route > title")) {
    const group = title.parentNode;
    group.dataset.tip = title.textContent;
    if (group.classList.contains("tip")) group.setAttribute("aria-label", title.textContent);
    title.remove();
  }
  const told = (target) => {
    if (target.dataset.tip) return target.dataset.tip;
    const why = target.querySelector(".why");
    if (why) return why.textContent;
    const href = target.getAttribute("href") || "";
    const source = href.startsWith("#source-") && document.getElementById(href.slice(1));
    return source ? source.querySelector(".s").textContent : "";
  };
  const subject = (node) => node.closest && node.closest("g.tip, g.route, .cited");
  let current = null;
  const hide = () => {
    if (current) current.removeAttribute("aria-describedby");
    current = null;
    tip.hidden = true;
  };
  const open = (target) => {
    const text = told(target);
    if (!text) return;
    hide();
    current = target;
    tip.textContent = text;
    tip.hidden = false;
    if (target.matches(".cited")) target.setAttribute("aria-describedby", "tip");
    const at = target.getBoundingClientRect();
    const own = tip.getBoundingClientRect();
    const wide = root.clientWidth;
    const left = Math.min(Math.max(8, at.left), Math.max(8, wide - own.width - 8));
    const above = at.top - own.height - 8;
    const top = above > 8 ? above : Math.min(at.bottom + 8, window.innerHeight - own.height - 8);
    tip.style.setProperty("left", `${left}px`);
    tip.style.setProperty("top", `${top}px`);
  };
  document.addEventListener("focusin", (event) => {
    const target = subject(event.target);
    if (target) open(target); else hide();
  });
  document.addEventListener("focusout", hide);
  document.addEventListener("pointerover", (event) => {
    const target = subject(event.target);
    if (target) open(target); else if (!tip.contains(event.target)) hide();
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  document.addEventListener("scroll", hide, true);

  // the connections of what is pointed at stand out
  const routes = [...document.querySelectorAll("g.route")];
  const mark = (id) => {
    for (const route of routes) {
      const own = id && (route.dataset.from === id || route.dataset.to === id);
      route.classList.toggle("on", Boolean(own));
      route.classList.toggle("off", Boolean(id) && !own);
    }
  };
  const end = (node) => {
    const found = node.closest && node.closest("[data-end]");
    mark(found ? found.dataset.end : "");
  };
  document.addEventListener("focusin", (event) => end(event.target));
  document.addEventListener("focusout", () => mark(""));
  document.addEventListener("pointerover", (event) => end(event.target));
})();

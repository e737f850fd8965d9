"use strict";
// Everything that comes from data goes in as text or as the value of an attribute, never as markup.
const DATA = JSON.parse(document.getElementById("data").textContent);
const BY_ID = new Map(DATA.latents.map(latent => [latent.i, latent]));
const $ = id => document.getElementById(id);

const SVG_TAGS = new Set(["svg", "rect", "line", "text", "g", "title"]);

function make(tag, attributes = {}, ...children) {
  const element = SVG_TAGS.has(tag)
    ? document.createElementNS("http://www.w3.org/2000/svg", tag)
    : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function number(value, digits = 3) {
  if (value === null || value === undefined) return "–";
  return Number(value).toPrecision(digits).replace(/\.?0+$/, "").replace(/\.?0+e/, "e");
}

const percent = value => value === 0 ? "0 %" : `${number(100 * value, 2)} %`;
const text = token => DATA.texts[token];
const visible = words => words.replace(/\r?\n/g, "↵").replace(/\t/g, "⇥");
const shown = words => visible(words) || "∅";
const chip = token => make("span", { class: "chip" }, shown(text(token)).replace(/ /g, "␣"));

// Which latents are listed, and in which order

const ORDERS = {
  "contexts in common (M)": (a, b) => (b.m ?? -2) - (a.m ?? -2),
  "the reference's score": (a, b) => (b.reference ?? -1) - (a.reference ?? -1),
  "density, highest first": (a, b) => b.density - a.density,
  "density, lowest first": (a, b) => a.density - b.density,
  "strongest activation": (a, b) => b.peak - a.peak,
  "number": (a, b) => a.i - b.i,
};
const KINDS = {
  "all": () => true,
  "seeded": latent => latent.seeded,
  "not seeded": latent => !latent.seeded,
  "alive": latent => latent.on > 0,
  "dead": latent => latent.on === 0,
};

// The tokens that a latent is on at: those with the largest shares, and the peaks of its contexts.
function tokensOf(latent) {
  return [...latent.tokens.map(pair => pair[0]), ...latent.contexts.map(c => c.t[c.p])];
}

function chosen() {
  const wanted = $("search").value.toLowerCase();
  const order = ORDERS[$("order").value];
  const kind = KINDS[$("kind").value];
  const fits = latent =>
    !wanted || tokensOf(latent).some(token => text(token).toLowerCase().includes(wanted));
  return DATA.latents
    .filter(latent => kind(latent) && fits(latent))
    .sort((a, b) => order(a, b) || a.i - b.i);
}

function listEntry(latent) {
  const words = latent.on
    ? latent.tokens.slice(0, 3).map(pair => shown(text(pair[0])).trim() || "␣").join(" ")
    : "dead";
  const said = latent.on ? `on for ${percent(latent.density)}, mostly at ${words}` : "dead";
  const button = make(
    "button",
    { type: "button", "data-latent": latent.i, "aria-label": `Latent ${latent.i}, ${said}` },
    make("span", { class: "num" }, String(latent.i)),
    make("span", { class: "say" }, words),
    make("span", { class: "small num" }, percent(latent.density)),
  );
  button.addEventListener("click", () => show(latent.i));
  return make("li", {}, button);
}

function fillList() {
  const latents = chosen();
  const counts = [latents.length, DATA.latents.length].map(n => n.toLocaleString("en"));
  $("list").replaceChildren(...latents.map(listEntry));
  $("count").textContent = `${counts[0]} of ${counts[1]} latents`;
  mark();
}

// Pictures

function bar(value, place, step, height, top, title) {
  const tall = value > 0 ? Math.max(1.5, height * value / top) : 0;
  const shape = {
    class: "bar",
    x: (place * step + 0.5).toFixed(1),
    y: (height - tall).toFixed(1),
    width: (step - 1).toFixed(1),
    height: tall.toFixed(1),
  };
  return make("rect", shape, make("title", {}, title));
}

function bars(values, label, left, right, titles) {
  const width = 360, height = 110;
  const top = Math.max(...values, 1e-9), step = width / values.length;
  const frame = { viewBox: `0 0 ${width} ${height + 22}`, width, height: height + 22 };
  return make(
    "svg",
    { ...frame, role: "img", "aria-label": label },
    ...values.map((value, i) => bar(value, i, step, height, top, titles[i])),
    make("line", { class: "axis", x1: 0, x2: width, y1: height, y2: height }),
    make("text", { x: 0, y: height + 16 }, left),
    make("text", { x: width, y: height + 16, "text-anchor": "end" }, right),
  );
}

function histogram(latent) {
  const end = number(latent.hist.length * latent.width);
  const label = `Histogram of activations above 0, from 0 to ${end}, with counts on a ` +
    `logarithmic scale; ${latent.on} in all.`;
  const titles = latent.hist.map((count, i) =>
    `${number(i * latent.width)} to ${number((i + 1) * latent.width)}: ${count}`);
  return bars(latent.hist.map(count => Math.log1p(count)), label, "0", end, titles);
}

function positions(latent) {
  const n = latent.positions.length;
  const edge = i => Math.round(i * DATA.context / n);
  const label = "How often it is on along the context, from the first position to the last; " +
    "1 is its average.";
  const titles = latent.positions.map((value, i) =>
    `positions ${edge(i)} to ${edge(i + 1) - 1}: ${number(value, 2)} of its average`);
  return bars(latent.positions, label, "position 0", String(DATA.context - 1), titles);
}

// One latent

function contextToken(latent, c, token, i) {
  const span = make(
    "span",
    {
      class: i === c.p ? "tok peak" : "tok",
      title: `${shown(text(token))} : ${number(c.a[i])}`,
    },
    visible(text(token)),
  );
  span.style.setProperty("--a", (c.a[i] / latent.peak).toFixed(3));
  return span;
}

function context(latent, c) {
  const peak = number(c.a[c.p]), where = `context ${c.c}, position ${c.q}`;
  const tokens = c.t.map((token, i) => contextToken(latent, c, token, i));
  return make(
    "li",
    {},
    make(
      "span",
      { class: "num soft", title: where, "aria-label": `peak ${peak}, ${where}` },
      peak,
    ),
    make("div", { class: "context" }, ...tokens),
  );
}

function pairs(head, rows) {
  const heads = make(
    "tr",
    {},
    make("th", { scope: "col" }, head[0]),
    make("th", { scope: "col", class: "num" }, head[1]),
  );
  const line = row =>
    make("tr", {}, make("td", {}, chip(row[0])), make("td", { class: "num" }, row[1]));
  return make("table", {}, make("thead", {}, heads), make("tbody", {}, ...rows.map(line)));
}

function neighbour([i, value]) {
  const there = BY_ID.has(i);
  const title = there ? `Latent ${i}` : "not in this file";
  const button = make("button", { type: "button", title }, `${i} · ${number(value, 2)}`);
  if (there) button.addEventListener("click", () => show(i, true));
  else button.disabled = true;
  return make("li", {}, button);
}

function neighbours(title, near, none) {
  const content = near && near.length
    ? make("ul", {}, ...near.map(neighbour))
    : make("p", { class: "soft" }, none);
  return make("section", { class: "near" }, make("h3", {}, title), content);
}

function section(title, note, ...content) {
  const notes = note ? [make("p", { class: "soft" }, note)] : [];
  return make("section", {}, make("h3", {}, title), ...notes, ...content);
}

function facts(latent) {
  const similar = latent.similarity === null
    ? "–"
    : `${number(latent.similarity, 2)} · ${number(latent.chance, 2)}`;
  const told = [
    ["on for", `${percent(latent.density)} (${latent.on.toLocaleString("en")})`],
    ["strongest", number(latent.peak)],
    ["mean when on", number(latent.mean)],
    ["contexts in common, M", number(latent.m, 2)],
    ["similarity · by chance", similar],
    ["the reference's score", number(latent.reference, 2)],
    ["effective tokens", number(latent.effective_tokens, 3)],
  ];
  const fact = ([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value));
  return make("dl", { class: "facts" }, ...told.map(fact));
}

function title(latent) {
  const tags = [latent.seeded ? "seeded from the data" : "not seeded"];
  if (!latent.on) tags.push("dead");
  return make(
    "div",
    { class: "head" },
    make("h2", { tabindex: "-1", id: "latent" }, `Latent ${latent.i}`),
    ...tags.map(tag => make("span", { class: "tag" }, tag)),
  );
}

function activity(latent) {
  if (!latent.on) {
    const rows = DATA.rows.toLocaleString("en");
    return [make("p", {}, `It was on for none of ${rows} activations.`)];
  }
  const note = "One peak in each context. Hover over a token to see its activation. " +
    "The outlined token is the peak.";
  const contexts = latent.contexts.map(c => context(latent, c));
  const pictures = [
    section("Activations", "Counts, on a logarithmic scale.", histogram(latent)),
    section("Positions", "How often it is on along the context.", positions(latent)),
  ];
  return [
    section("Strongest contexts", note, make("ol", { class: "contexts" }, ...contexts)),
    make("div", { class: "two" }, ...pictures),
  ];
}

function tokenTables(latent) {
  const tables = [];
  if (latent.on) {
    const shares = latent.tokens.map(([token, share]) => [token, percent(share)]);
    const note = "Share of all of its activation.";
    tables.push(section("On at", note, pairs(["token", "share"], shares)));
  }
  const signed = rows =>
    rows.map(([token, value]) => [token, (value > 0 ? "+" : "") + number(value, 2)]);
  const effect = (name, rows) => section(
    name,
    "Direct effect on logits, for one unit of activation.",
    pairs(["token", "logit"], signed(rows)),
  );
  if (latent.up) tables.push(effect("Raises", latent.up), effect("Lowers", latent.down));
  return tables;
}

function detail(latent) {
  const none = "No latent is on with it, or pairs were not counted.";
  return [
    title(latent),
    facts(latent),
    ...activity(latent),
    make("div", { class: "two" }, ...tokenTables(latent)),
    make(
      "div",
      { class: "two" },
      neighbours("Nearest by direction (cosine)", latent.near, "None."),
      neighbours("Often on together (Jaccard)", latent.together, none),
    ),
  ];
}

// Moving about

let current = null;

function mark() {
  for (const button of $("list").querySelectorAll("button")) {
    button.setAttribute("aria-current", String(Number(button.dataset.latent) === current));
  }
}

function show(i, focus = false) {
  if (!BY_ID.has(i)) return;
  current = i;
  $("detail").replaceChildren(...detail(BY_ID.get(i)));
  $("detail").scrollTop = 0;
  mark();
  history.replaceState(null, "", `#${i}`);
  const button = $("list").querySelector('[aria-current="true"]');
  if (button) button.scrollIntoView({ block: "nearest" });
  if (focus) $("latent").focus();
}

function step(event) {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const buttons = [...$("list").querySelectorAll("button")];
  const next = buttons[buttons.indexOf(document.activeElement) + (by || 0)];
  if (!by || !next) return;
  event.preventDefault();
  next.focus();
  next.click();
}

function fit() {
  const height = document.querySelector(".top").offsetHeight;
  document.documentElement.style.setProperty("--head", `${height}px`);
}

function start() {
  for (const [id, names] of [["order", ORDERS], ["kind", KINDS]]) {
    $(id).append(...Object.keys(names).map(name => make("option", { value: name }, name)));
  }
  for (const id of ["search", "order", "kind"]) $(id).addEventListener("input", fillList);
  $("list").addEventListener("keydown", step);
  fit();
  addEventListener("resize", fit);
  addEventListener("hashchange", () => show(Number(location.hash.slice(1))));
  fillList();
  const wanted = Number(location.hash.slice(1));
  const first = location.hash && BY_ID.has(wanted) ? wanted : (chosen()[0] || {}).i;
  if (first !== undefined) show(first);
}

start();

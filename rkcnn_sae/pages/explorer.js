"use strict";
// Everything that comes from data goes in as text or as the value of an attribute, never as markup.
const DATA = JSON.parse(document.getElementById("data").textContent);
const BY_ID = new Map(DATA.latents.map(l => [l.i, l]));
const $ = id => document.getElementById(id);

function make(tag, attributes = {}, ...children) {
  const svg = ["svg", "rect", "line", "text", "g", "title"].includes(tag);
  const e = svg ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) e.setAttribute(name, value);
  e.append(...children);
  return e;
}

const number = (v, digits = 3) => v === null || v === undefined ? "–" : Number(v).toPrecision(digits).replace(/\.?0+$/, "").replace(/\.?0+e/, "e");
const percent = v => v === 0 ? "0 %" : `${number(100 * v, 2)} %`;
const text = t => DATA.texts[t];
const visible = s => s.replace(/\r?\n/g, "↵").replace(/\t/g, "⇥");
const shown = s => visible(s) || "∅";
const chip = t => make("span", { class: "chip" }, shown(text(t)).replace(/ /g, "␣"));

// Which latents, and in which order

const ORDERS = {
  "contexts in common (M)": (a, b) => (b.m ?? -2) - (a.m ?? -2),
  "the reference's score": (a, b) => (b.reference ?? -1) - (a.reference ?? -1),
  "density, highest first": (a, b) => b.density - a.density,
  "density, lowest first": (a, b) => a.density - b.density,
  "strongest activation": (a, b) => b.peak - a.peak,
  "number": (a, b) => a.i - b.i,
};
const KINDS = { "all": () => true, "seeded": l => l.seeded, "not seeded": l => !l.seeded, "alive": l => l.on > 0, "dead": l => l.on === 0 };

const said = l => [...l.tokens.map(p => p[0]), ...l.contexts.map(c => c.t[c.p])];
function chosen() {
  const wanted = $("search").value.toLowerCase();
  const fits = l => !wanted || said(l).some(t => text(t).toLowerCase().includes(wanted));
  return DATA.latents.filter(l => KINDS[$("kind").value](l) && fits(l)).sort((a, b) => ORDERS[$("order").value](a, b) || a.i - b.i);
}

function fillList() {
  const latents = chosen();
  $("list").replaceChildren(...latents.map(l => {
    const words = l.on ? l.tokens.slice(0, 3).map(p => shown(text(p[0])).trim() || "␣").join(" ") : "dead";
    const b = make("button", { type: "button", "data-latent": l.i, "aria-label": `Latent ${l.i}, ${l.on ? `on for ${percent(l.density)}, mostly at ${words}` : "dead"}` },
      make("span", { class: "num" }, String(l.i)), make("span", { class: "say" }, words), make("span", { class: "small num" }, percent(l.density)));
    b.addEventListener("click", () => show(l.i));
    return make("li", {}, b);
  }));
  $("count").textContent = `${latents.length.toLocaleString("en")} of ${DATA.latents.length.toLocaleString("en")} latents`;
  mark();
}

// Pictures

function bars(values, label, left, right, titles) {
  const w = 360, h = 110, top = Math.max(...values, 1e-9), step = w / values.length;
  const svg = make("svg", { viewBox: `0 0 ${w} ${h + 22}`, width: w, height: h + 22, role: "img", "aria-label": label });
  values.forEach((v, i) => {
    const tall = v > 0 ? Math.max(1.5, h * v / top) : 0;
    svg.append(make("rect", { class: "bar", x: (i * step + .5).toFixed(1), y: (h - tall).toFixed(1), width: (step - 1).toFixed(1), height: tall.toFixed(1) }, make("title", {}, titles[i])));
  });
  svg.append(make("line", { class: "axis", x1: 0, x2: w, y1: h, y2: h }), make("text", { x: 0, y: h + 16 }, left), make("text", { x: w, y: h + 16, "text-anchor": "end" }, right));
  return svg;
}

function histogram(l) {
  const end = l.hist.length * l.width;
  return bars(l.hist.map(v => Math.log1p(v)), `Histogram of activations above 0, on a logarithmic scale of counts, from 0 to ${number(end)}; ${l.on} in all.`, "0", number(end),
    l.hist.map((v, i) => `${number(i * l.width)} to ${number((i + 1) * l.width)}: ${v}`));
}

function positions(l) {
  const last = DATA.context - 1, n = l.positions.length, edge = i => Math.round(i * DATA.context / n);
  return bars(l.positions, `How often it is on along the context, from its first to its last position; 1 is its average.`, "position 0", String(last),
    l.positions.map((v, i) => `positions ${edge(i)} to ${edge(i + 1) - 1}: ${number(v, 2)} of its average`));
}

// One latent

function context(l, c) {
  const line = make("div", { class: "context" });
  c.t.forEach((t, i) => {
    const span = make("span", { class: i === c.p ? "tok peak" : "tok", title: `${shown(text(t))} : ${number(c.a[i])}` }, visible(text(t)));
    span.style.setProperty("--a", (c.a[i] / l.peak).toFixed(3));
    line.append(span);
  });
  const where = `context ${c.c}, position ${c.q}`;
  return make("li", {}, make("span", { class: "num soft", title: where, "aria-label": `peak ${number(c.a[c.p])}, ${where}` }, number(c.a[c.p])), line);
}

function pairs(head, rows) {
  const line = r => make("tr", {}, make("td", {}, chip(r[0])), make("td", { class: "num" }, r[1]));
  return make("table", {}, make("thead", {}, make("tr", {}, make("th", { scope: "col" }, head[0]), make("th", { scope: "col", class: "num" }, head[1]))), make("tbody", {}, ...rows.map(line)));
}

function neighbours(title, near, none) {
  const list = make("ul", {}, ...(near || []).map(([i, v]) => {
    const b = make("button", { type: "button", title: BY_ID.has(i) ? `Latent ${i}` : "not in this file" }, `${i} · ${number(v, 2)}`);
    if (BY_ID.has(i)) b.addEventListener("click", () => show(i, true)); else b.disabled = true;
    return make("li", {}, b);
  }));
  return make("section", { class: "near" }, make("h3", {}, title), near && near.length ? list : make("p", { class: "soft" }, none));
}

const section = (title, note, ...content) => make("section", {}, make("h3", {}, title), ...(note ? [make("p", { class: "soft" }, note)] : []), ...content);

function detail(l) {
  const facts = [["on for", `${percent(l.density)} (${l.on.toLocaleString("en")})`], ["strongest", number(l.peak)], ["mean when on", number(l.mean)], ["contexts in common, M", number(l.m, 2)],
    ["similarity · by chance", l.similarity === null ? "–" : `${number(l.similarity, 2)} · ${number(l.chance, 2)}`], ["the reference's score", number(l.reference, 2)], ["effective tokens", number(l.effective_tokens, 3)]];
  const tags = [l.seeded ? "seeded from the data" : "not seeded", ...(l.on ? [] : ["dead"])];
  const out = [make("div", { class: "head" }, make("h2", { tabindex: "-1", id: "latent" }, `Latent ${l.i}`), ...tags.map(t => make("span", { class: "tag" }, t))),
    make("dl", { class: "facts" }, ...facts.map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value))))];
  if (!l.on) out.push(make("p", {}, `It was on for none of ${DATA.rows.toLocaleString("en")} activations.`));
  else out.push(section("Strongest contexts", "One peak in each context; hover a token for its activation. The outlined token is the peak.", make("ol", { class: "contexts" }, ...l.contexts.map(c => context(l, c)))),
    make("div", { class: "two" }, section("Activations", "Counts, on a logarithmic scale.", histogram(l)), section("Positions", "How often it is on along the context.", positions(l))));
  const logits = rows => rows.map(([t, v]) => [t, (v > 0 ? "+" : "") + number(v, 2)]);
  const tables = [];
  if (l.on) tables.push(section("On at", "Share of all of its activation.", pairs(["token", "share"], l.tokens.map(([t, v]) => [t, percent(v)]))));
  if (l.up) tables.push(section("Raises", "Direct effect on logits, for one unit of activation.", pairs(["token", "logit"], logits(l.up))), section("Lowers", "Direct effect on logits, for one unit of activation.", pairs(["token", "logit"], logits(l.down))));
  out.push(make("div", { class: "two" }, ...tables), make("div", { class: "two" }, neighbours("Nearest by direction (cosine)", l.near, "None."), neighbours("Nearest by company (Jaccard)", l.together, "None that is on with it, or not counted.")));
  return out;
}

let current = null;
function mark() {
  for (const b of $("list").querySelectorAll("button")) b.setAttribute("aria-current", String(Number(b.dataset.latent) === current));
}
function show(i, focus = false) {
  if (!BY_ID.has(i)) return;
  current = i; $("detail").replaceChildren(...detail(BY_ID.get(i))); $("detail").scrollTop = 0; mark();
  history.replaceState(null, "", `#${i}`);
  const b = $("list").querySelector('[aria-current="true"]'); if (b) b.scrollIntoView({ block: "nearest" });
  if (focus) $("latent").focus();
}

function start() {
  for (const [id, names] of [["order", ORDERS], ["kind", KINDS]]) $(id).append(...Object.keys(names).map(n => make("option", { value: n }, n)));
  for (const id of ["search", "order", "kind"]) $(id).addEventListener("input", fillList);
  $("list").addEventListener("keydown", e => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key], buttons = [...$("list").querySelectorAll("button")], at = buttons.indexOf(document.activeElement) + (step || 0);
    if (step && buttons[at]) { e.preventDefault(); buttons[at].focus(); buttons[at].click(); }
  });
  const fit = () => document.documentElement.style.setProperty("--head", `${document.querySelector(".top").offsetHeight}px`);
  fit(); addEventListener("resize", fit);
  addEventListener("hashchange", () => show(Number(location.hash.slice(1))));
  fillList();
  const first = Number(location.hash.slice(1)), begin = location.hash && BY_ID.has(first) ? first : (chosen()[0] || {}).i;
  if (begin !== undefined) show(begin);
}
start();

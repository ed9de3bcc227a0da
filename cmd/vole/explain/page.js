"use strict";
// The page keeps its state in the URL's hash: #file=a.go&L12&func=main.f&show=heap,bounds&q=text&value=v7&pass=cse,asm. Everything is drawn from that.

const data = JSON.parse(document.getElementById("data").textContent);
const $ = id => document.getElementById(id);
const el = (tag, attrs, ...children) => {
  const e = document.createElement(tag);
  for (const k in attrs) if (attrs[k] !== undefined && attrs[k] !== false) k === "onclick" ? e.onclick = attrs[k] : e.setAttribute(k, attrs[k]);
  e.append(...children);
  return e;
};
const html = s => s.replace(/[&<>"]/g, c => ({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})[c]);

// Kinds of decisions: name, label, colour, group, codes.
const kinds = [
  ["heap", "Heap", "red", "Memory", "escape escapes iteration-variable-to-heap"],
  ["leak", "Leaks", "orange", "Memory", "leak"],
  ["stack", "Stack", "green", "Memory", "noEscape iteration-variable-to-stack"],
  ["copy", "Copies", "orange", "Memory", "copy"],
  ["inlined", "Inlined", "green", "Calls", "inlineCall"],
  ["noinline", "Not inlined", "purple", "Calls", "cannotInlineCall cannotInlineFunction"],
  ["inlinable", "Inlinable", "blue", "Calls", "canInlineFunction"],
  ["dynamic", "Dynamic", "purple", "Calls", "dispatch"],
  ["direct", "Resolved", "teal", "Calls", "devirtualize"],
  ["bounds", "Bounds kept", "amber", "Checks", "isInBounds isSliceInBounds"],
  ["nobounds", "Bounds removed", "teal", "Checks", "boundsRemoved"],
  ["nil", "Nil kept", "amber", "Checks", "nilcheck"],
  ["nonil", "Nil removed", "teal", "Checks", "nilcheckRemoved nilcheckFolded"],
].map(([id, label, colour, group, codes]) => ({id, label, colour: `var(--${colour})`, group, codes: codes.split(" ")}));
const kindOf = {};
for (const k of kinds) for (const c of k.codes) kindOf[c] = k;
const other = {id: "other", label: "Other", colour: "var(--grey)", group: "Other", codes: []};
const quiet = ["inlinable", "nonil", "stack"]; // off at first

// What a chip says, and the heading of its details.
const words = {
  "escape": r => `heap ${r.msg.replace(/ escapes to heap$/, "")}`,
  "escapes": r => `heap ${r.msg.replace(/ escapes to heap$/, "")}`,
  "leak": r => r.msg.replace(/^parameter (\S+) leaks to (.*) with derefs=(\d+)$/, (_, p, to, n) => `${p} leaks to ${to}${n > 0 ? ` (*${n})` : ""}`),
  "noEscape": r => `stack ${r.msg.replace(/ does not escape$/, "")}`,
  "copy": r => `copies ${r.msg}`,
  "inlineCall": r => `inlined ${r.msg}`,
  "cannotInlineCall": r => `not inlined: ${r.msg || "recursive"}`,
  "cannotInlineFunction": r => `cannot inline: ${r.msg}`,
  "canInlineFunction": r => `can inline, ${r.msg}`,
  "dispatch": r => /func value/.test(r.msg) ? "call of a func value" : "interface call",
  "devirtualize": r => "resolved call",
  "isInBounds": () => "bounds check",
  "isSliceInBounds": () => "slice bounds check",
  "boundsRemoved": () => "bounds check removed",
  "nilcheck": () => "nil check",
  "nilcheckRemoved": () => "nil check removed",
  "nilcheckFolded": () => "nil check is free",
};
const wordsOf = r => words[r.code] ? words[r.code](r) : `${r.code} ${r.msg}`;
const passes = {
  "build": "tree, as built", "inline": "tree, after inlining", "escape": "tree, after escape analysis", "ssa": "SSA, as built", "promote": "variables in values",
  "dce": "unused values gone", "cse": "common values shared", "phiopt": "chosen booleans are conditions", "known bits": "values of known bits are constants", "prove": "checks proved", "late dce": "final SSA", "asm": "assembly",
};

// the model ---------------------------------------------------------------------------------------------------------------

const files = []; // {pkg, index, name, key, lines, records: line -> [record]}
for (const pkg of data.packages) {
  pkg.byName = new Map();
  pkg.files.forEach((f, index) => {
    const key = data.packages.length > 1 ? `${pkg.path}/${f.name}` : f.name;
    const file = {pkg, index, name: f.name, key, text: f.text, records: new Map(), funcs: []};
    files.push(file);
    pkg.byName.set(f.name, file);
  });
  pkg.list = pkg.files.map(f => pkg.byName.get(f.name));
  for (const r of pkg.records) {
    const file = pkg.list[r.at[0]], all = file.records;
    r.kind = kindOf[r.code] || other;
    const list = all.get(r.at[1]) || [];
    if (!list.some(o => o.code === r.code && o.at[2] === r.at[2] && o.msg === r.msg && JSON.stringify(o.inl) === JSON.stringify(r.inl))) list.push(r);
    all.set(r.at[1], list);
  }
  pkg.funcs.sort((a, b) => a.at[0] - b.at[0] || a.at[1] - b.at[1]);
  const named = new Map(); // copies of a closure have its name
  for (const f of pkg.funcs) {
    const n = (named.get(f.name) || 0) + 1;
    named.set(f.name, n);
    if (n > 1) f.name += `·${n}`, f.kind = "copy made by inlining";
  }
  for (const f of pkg.funcs) f.pkg = pkg, f.file = pkg.list[f.at[0]], f.file.funcs.push(f);
}
const counts = {};
for (const f of files) for (const list of f.records.values()) for (const r of list) counts[r.kind.id] = (counts[r.kind.id] || 0) + 1;
if (counts.other) kinds.push(other);
const findFunc = name => { for (const f of files) for (const g of f.funcs) if (g.name === name) return g; };
const funcAt = (file, line) => file.funcs.filter(f => f.at[1] <= line && line <= f.at[2]).sort((a, b) => b.at[1] - a.at[1] || a.at[2] - b.at[2])[0];

// state ---------------------------------------------------------------------------------------------------------------------

const state = {};
function readHash() {
  const h = {};
  for (const part of location.hash.slice(1).split("&")) {
    const [k, v] = part.split("=");
    if (/^L\d+$/.test(k)) h.line = +k.slice(1);
    else if (v !== undefined) h[k] = decodeURIComponent(v);
  }
  state.file = files.find(f => f.key === h.file) || (h.func && findFunc(h.func) || {}).file || files[0];
  state.line = h.line || 0;
  state.func = h.func && findFunc(h.func) || (state.line && funcAt(state.file, state.line)) || findFunc("main.main") || state.file.funcs[0];
  state.show = new Set(h.show !== undefined ? h.show.split(",") : kinds.map(k => k.id).filter(k => !quiet.includes(k)));
  state.q = h.q || "";
  state.values = h.value ? h.value.split(",") : [];
  state.pass = h.pass;
}
function go(change) {
  const h = {file: state.file.key, line: state.line, func: state.func && state.func.name, show: [...state.show].join(","), q: state.q, value: state.values.join(","), pass: state.pass, ...change};
  const initial = kinds.map(k => k.id).filter(k => !quiet.includes(k)).join(",");
  const parts = [];
  if (h.file !== files[0].key || files.length > 1) parts.push("file=" + encodeURIComponent(h.file));
  if (h.line) parts.push("L" + h.line);
  if (h.func) parts.push("func=" + encodeURIComponent(h.func));
  if (h.show !== initial) parts.push("show=" + h.show);
  for (const k of ["q", "value", "pass"]) if (h[k]) parts.push(k + "=" + encodeURIComponent(h[k]));
  const next = "#" + parts.join("&");
  if (next === location.hash) draw();
  else history.pushState(null, "", next), draw();
}

// source --------------------------------------------------------------------------------------------------------------------

const token = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|`[^`]*`|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|\b(?:break|case|chan|const|continue|default|defer|else|fallthrough|for|func|go|goto|if|import|interface|map|package|range|return|select|struct|switch|type|var)\b|\b(?:\d[\w.]*|true|false|nil|iota)\b/g;
function coloured(text) {
  const out = [];
  let at = 0;
  for (const m of text.matchAll(token)) {
    out.push(html(text.slice(at, m.index)));
    const c = m[0][0], cls = c === "/" ? "c" : "\"`'".includes(c) ? "s" : /\d/.test(c) || /^(true|false|nil|iota)$/.test(m[0]) ? "d" : "k";
    out.push(m[0].split("\n").map(s => `<span class="${cls}">${html(s)}</span>`).join("\n"));
    at = m.index + m[0].length;
  }
  out.push(html(text.slice(at)));
  return out.join("").split("\n");
}

let drawnFile;
function drawSource() {
  const root = $("source"), file = state.file;
  if (drawnFile !== file) {
    drawnFile = file;
    const lines = coloured(file.text);
    if (lines[lines.length - 1] === "") lines.pop();
    root.innerHTML = lines.map((s, i) => `<div class="l" id="L${i + 1}" data-l="${file.index}:${i + 1}"><a href="#" tabindex="-1">${i + 1}</a><code>${s || " "}</code></div>`).join("");
    root.scrollTop = 0;
  }
  root.querySelectorAll(".chips, .more").forEach(e => e.remove());
  for (const [line, list] of file.records) {
    const shown = list.filter(r => state.show.has(r.kind.id)), row = $("L" + line);
    if (!shown.length || !row) continue;
    const groups = new Map();
    for (const r of shown) {
      const w = wordsOf(r);
      if (!groups.has(w)) groups.set(w, []);
      groups.get(w).push(r);
    }
    const chips = el("span", {class: "chips"});
    for (const [w, rs] of groups) {
      const chip = el("button", {class: "chip", "data-kind": rs[0].kind.id, style: `--c:${rs[0].kind.colour}`, title: w}, rs.length > 1 ? `${w} ×${rs.length}` : w);
      chip.onclick = () => details(row, chip, rs);
      chips.append(chip);
    }
    row.append(chips);
  }
  for (const e of root.querySelectorAll(".l.at")) e.classList.remove("at");
  const at = state.line && $("L" + state.line);
  if (!at) return;
  at.classList.add("at");
  for (const chip of at.querySelectorAll(".chip")) chip.click();
}

// A link to a place that a record names: in this package, else only its text.
function place(pkg, name, line) {
  const file = pkg.byName.get(name);
  return file ? el("a", {href: "#", onclick: e => (e.preventDefault(), go({file: file.key, line}), scrollToLine())}, `${name}:${line}`) : el("span", {class: "z"}, `${name}:${line}`);
}
function details(row, chip, rs) {
  const open = !chip.classList.toggle("open");
  const box = chip.box;
  if (open) return box.remove();
  chip.box = el("div", {class: "more", style: `--c:${rs[0].kind.colour}`});
  for (const r of rs) chip.box.append(detail(r));
  let after = row;
  while (after.nextElementSibling && after.nextElementSibling.className === "more") after = after.nextElementSibling;
  after.after(chip.box);
}
function detail(r) {
  const pkg = state.file.pkg, box = el("div", {}), why = wordsOf(r);
  box.append(el("h3", {}, `${r.kind.label}  ·  column ${r.at[2]}`), el("p", {}, r.msg && !why.endsWith(r.msg) ? r.msg : why));
  if (r.inl) for (const [name, line, , callee] of r.inl) box.append(el("p", {}, `in ${callee}, inlined here: `, place(pkg, name, line)));
  if (r.steps) {
    const ol = el("ol", {});
    for (const [name, line, , text] of r.steps) ol.append(el("li", {class: text.startsWith("from") ? "from" : "flow"}, el("span", {}, text), place(pkg, name, line)));
    box.append(ol);
  }
  return box;
}
function scrollToLine() {
  const at = state.line && $("L" + state.line);
  if (at) at.scrollIntoView({block: "center"});
}
$("source").addEventListener("click", e => {
  const row = e.target.closest(".l");
  if (!row || e.target.closest(".chip") || (e.target.closest("code") && getSelection().toString())) return;
  e.preventDefault();
  const line = +row.id.slice(1), f = funcAt(state.file, line);
  go({line, func: f ? f.name : state.func && state.func.name});
});

// One rule lights up all that stands for a place: source, SSA, assembly.
const sheet = document.head.appendChild(el("style", {})).sheet;
sheet.insertRule("x{}", 0);
let lit = "";
addEventListener("mouseover", e => {
  const row = e.target.closest && e.target.closest("[data-l]"), l = row ? row.dataset.l : "";
  if (l === lit) return;
  lit = l;
  sheet.deleteRule(0);
  sheet.insertRule(l ? `${l.split(" ").map(p => `[data-l~="${p}"]`).join()}{background:var(--hover)!important}` : "x{}", 0);
});

// navigation and filters ------------------------------------------------------------------------------------------------------

function drawNav() {
  const nav = $("nav"), seen = new Set();
  nav.replaceChildren();
  for (const f of files) {
    if (data.packages.length > 1 && !seen.has(f.pkg)) nav.append(el("h2", {}, f.pkg.path));
    seen.add(f.pkg);
    nav.append(el("a", {class: "file" + (f === state.file ? " on" : ""), href: "#", onclick: e => (e.preventDefault(), go({file: f.key, line: 0, func: f.funcs[0] && f.funcs[0].name}))}, el("span", {}, f.name)));
    for (const g of f.funcs) {
      let heap = 0, bounds = 0;
      for (const [line, list] of f.records) if (funcAt(f, line) === g) for (const r of list) heap += r.kind.id === "heap", bounds += r.kind.id === "bounds";
      const a = el("a", {class: "fn" + (g === state.func ? " on" : "") + (g.asm ? "" : " gone"), href: "#", title: g.name + (g.asm ? "" : ": no code of its own"), onclick: e => {
        e.preventDefault();
        go({file: f.key, line: g.at[1], func: g.name});
        scrollToLine();
      }}, el("span", {}, g.name.replace(/^.*\/(?=[^/]*$)/, "").replace(new RegExp(`^${g.pkg.path.replace(/^.*\//, "").replace(/\W/g, "\\$&")}\\.`), "")));
      if (heap) a.append(el("span", {class: "n", title: "allocations"}, heap + "h"));
      if (bounds) a.append(el("span", {class: "n", style: "color:var(--amber)", title: "bounds checks"}, bounds + "b"));
      nav.append(a);
    }
  }
}

function drawFilters() {
  const root = $("filters"), groups = new Map();
  root.replaceChildren();
  for (const k of kinds) {
    if (!groups.has(k.group)) {
      const g = el("div", {class: "group"}, el("span", {}, k.group));
      groups.set(k.group, g);
      root.append(g);
    }
    const n = counts[k.id] || 0;
    groups.get(k.group).append(el("button", {class: "filter", "data-kind": k.id, style: `--c:${k.colour}`, "aria-pressed": String(state.show.has(k.id)), disabled: n ? false : "",
      title: "Double-click: only these", onclick: () => {
        const s = new Set(state.show);
        s.has(k.id) ? s.delete(k.id) : s.add(k.id);
        go({show: kinds.map(x => x.id).filter(x => s.has(x)).join(",")});
      }}, k.label, el("b", {}, String(n))));
  }
}
$("filters").addEventListener("dblclick", e => {
  const b = e.target.closest(".filter");
  if (b) go({show: b.dataset.kind});
});

// a function's passes ---------------------------------------------------------------------------------------------------------

const memory = {open: null}; // columns that the reader has opened
function columns(f) {
  const list = f.passes.map(([name, ...lines], i) => ({name, lines, same: i > 0 && !lines.length}));
  for (let i = 1; i < list.length; i++) if (list[i].same) list[i].lines = list[i - 1].lines;
  list.forEach((c, i) => c.before = i && (c.name !== "ssa") ? list[i - 1].lines : null);
  if (f.asm) list.push({name: "asm", asm: f.asm});
  return list;
}
function openColumns(list) {
  if (state.pass === "all") return new Set(list.map(c => c.name));
  if (state.pass) return new Set(state.pass.split(","));
  const names = list.map(c => c.name), last = names.filter(n => n !== "asm").pop();
  return new Set(names.includes("asm") ? [last, "asm"] : [last]);
}
const dumpToken = /\b[vb]\d+\b|%[a-z]\w*|\.LBB\w+|[\w~]+\.\d+\b/g;
function dumpLine(text) {
  const cut = text.search(/ ; \d+( inlined at \d+)?$| \d+:\d+( inlined at \d+:\d+)?$/), code = cut < 0 ? text : text.slice(0, cut), rest = cut < 0 ? "" : text.slice(cut);
  let out = "", at = 0;
  for (const m of code.matchAll(dumpToken)) {
    out += html(code.slice(at, m.index)) + `<i data-t="${html(m[0])}">${html(m[0])}</i>`;
    at = m.index + m[0].length;
  }
  out += html(code.slice(at));
  out = out.replace(/(&lt;.*?&gt;)/, '<span class="y">$1</span>');
  return out + (rest ? `<span class="z">${rest}</span>` : "");
}
function drawDump(c, f) {
  const text = f.pkg.lines, old = c.before && new Set(c.before.map(i => text[i]));
  if (c.asm) return c.asm.map(([i, ...at]) => {
    const places = new Set();
    for (let k = 0; k < at.length; k += 2) places.add(`${at[k]}:${at[k + 1]}`);
    const s = text[i], label = s.endsWith(":");
    const m = !label && s.match(/^(\S+)(.*)$/s);
    return `<div${label ? ' class="label"' : ""}${places.size ? ` data-l="${[...places].join(" ")}"` : ""}>${label ? dumpLine(s) : `  <b>${html(m[1].padEnd(8))}</b>${dumpLine(m[2])}`}</div>`;
  }).join("");
  return c.lines.map(i => {
    const s = text[i], m = s.match(/ ; (\d+)(?: inlined at (\d+))?$| (\d+):\d+(?: inlined at (\d+):\d+)?$/), line = m && (m[2] || m[1] || m[4] || m[3]);
    const cls = /^\s*b\d+:/.test(s) ? "label" : old && !old.has(s) ? "new" : "";
    return `<div${cls ? ` class="${cls}"` : ""}${line ? ` data-l="${f.at[0]}:${line}"` : ""}>${dumpLine(s) || " "}</div>`;
  }).join("");
}
let drawnFunc, drawnOpen;
function drawFunc() {
  const root = $("func"), f = state.func;
  if (!f) return root.replaceChildren(el("p", {class: "empty"}, "No functions in this package."));
  const list = columns(f), open = openColumns(list), key = [...open].join();
  if (drawnFunc === f && drawnOpen === key) return;
  drawnFunc = f, drawnOpen = key;
  const set = names => go({pass: names.join(",")});
  const tools = el("div", {class: "tools"});
  for (const c of list) tools.append(el("button", {class: (open.has(c.name) ? "on" : "") + (c.same ? " same" : ""), title: passes[c.name] + (c.same ? " (changes nothing)" : ""), "data-pass": c.name,
    onclick: () => set(list.map(x => x.name).filter(n => n === c.name ? !open.has(n) : open.has(n)))}, c.name));
  tools.append(el("button", {onclick: () => go({pass: "all"})}, "all"));
  const n = f.asm ? f.asm.filter(l => !f.pkg.lines[l[0]].endsWith(":")).length : 0;
  const head = el("div", {class: "fhead"}, el("h2", {}, f.name),
    el("p", {}, `${f.file.name}:${f.at[1]}–${f.at[2]} · ${f.asm ? `${n} instructions` : "no code of its own: inlined everywhere, or unused"}${f.kind === "func" ? "" : " · " + f.kind}`), tools);
  const cols = el("div", {class: "cols"});
  for (const c of list) {
    if (!open.has(c.name)) continue;
    const dump = el("div", {class: "dump"});
    dump.innerHTML = drawDump(c, f);
    cols.append(el("div", {class: "col", "data-pass": c.name}, el("h3", {}, c.name, el("small", {}, passes[c.name] + (c.same ? " (changes nothing)" : ""))), dump));
  }
  root.replaceChildren(head, cols);
}
$("func").addEventListener("click", e => {
  const t = e.target.closest("i[data-t]");
  if (!t) return;
  const v = t.dataset.t, on = state.values.includes(v);
  go({value: (on ? state.values.filter(x => x !== v) : [...state.values, v]).join(",")});
});
const values = document.head.appendChild(el("style", {}));
const colours = ["#e8b93f", "#5fb8f0", "#8fd16f", "#f08a8a", "#c79bf2", "#f2a45c", "#6fd3c3", "#d6d65a"];
function drawValues() {
  values.textContent = state.values.map((v, i) => `.dump i[data-t="${CSS.escape(v)}"]{background:${colours[i % colours.length]};color:#111;padding:0 2px;margin:0 -2px}`).join("\n");
}

// search ----------------------------------------------------------------------------------------------------------------------

let hits = [], hit = -1, searched = "";
function drawSearch() {
  const q = state.q.toLowerCase(), input = $("search");
  if (document.activeElement !== input) input.value = state.q;
  if (q !== searched) {
    searched = q, hits = [], hit = -1;
    if (q) for (const f of files) f.text.split("\n").forEach((s, i) => {
      const list = f.records.get(i + 1) || [];
      if (s.toLowerCase().includes(q) || list.some(r => state.show.has(r.kind.id) && (wordsOf(r) + " " + r.msg).toLowerCase().includes(q))) hits.push([f, i + 1]);
    });
  }
  $("found").value = q ? (hit >= 0 ? `${hit + 1} / ${hits.length}` : String(hits.length)) : "";
  for (const e of $("source").querySelectorAll(".hit")) e.classList.remove("hit", "now");
  hits.forEach(([f, line], i) => {
    const row = f === state.file && $("L" + line);
    if (row) row.classList.add("hit"), i === hit && row.classList.add("now");
  });
}
function nextHit(step) {
  if (!hits.length) return;
  hit = (hit + step + hits.length) % hits.length;
  const [f, line] = hits[hit], g = funcAt(f, line);
  go({file: f.key, line, func: g ? g.name : state.func && state.func.name});
  scrollToLine();
}
$("search").addEventListener("input", e => {
  state.q = e.target.value;
  drawSearch();
});
$("search").addEventListener("keydown", e => {
  if (e.key === "Enter") nextHit(e.shiftKey ? -1 : 1);
  if (e.key === "Escape") e.target.value = state.q = "", e.target.blur(), go({});
});
addEventListener("keydown", e => {
  if (e.key !== "/" || e.target.closest("input")) return;
  e.preventDefault();
  $("search").focus();
});

// all together ----------------------------------------------------------------------------------------------------------------

const themes = ["auto", "light", "dark"];
function theme(t) {
  if (t === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = t;
  $("theme").textContent = {auto: "◐ auto", light: "☀ light", dark: "☾ dark"}[t];
  $("theme").onclick = () => theme(themes[(themes.indexOf(t) + 1) % 3]);
}
function pane(name) {
  document.body.dataset.pane = name;
  for (const b of document.querySelectorAll(".panes button")) b.classList.toggle("on", b.dataset.pane === name);
}
for (const b of document.querySelectorAll(".panes button")) b.onclick = () => pane(b.dataset.pane);
$("nav").addEventListener("click", () => document.body.dataset.pane === "nav" && pane("source"));

function draw() {
  readHash();
  drawNav();
  drawFilters();
  drawSource();
  drawFunc();
  drawValues();
  drawSearch();
}
$("title").textContent = data.packages.map(p => p.path).join(", ");
$("target").textContent = data.target;
document.title = `${data.packages.map(p => p.path).join(", ")} · vole explain`;
theme("auto");
pane("source");
addEventListener("popstate", () => (draw(), scrollToLine()));
addEventListener("hashchange", () => (draw(), scrollToLine()));
draw();
scrollToLine();

// What `.ci/pictures` runs: draws every model and sample in each format, reads the result with the real readers, and
// compares. It holds no expectation of its own beyond the ids in the SVG and the data of the samples; that Graphviz and
// Mermaid understand the same thing is the test.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { inputs } from './pictures-inputs.mjs';

const [, , sconce, root] = process.argv;
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sconce-pictures-'));
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
const failures = [];
let passed = 0;
let skipped = 0;

function check(what, body) {
  try {
    body();
    passed += 1;
  } catch (error) {
    failures.push(`${what}: ${error.message}`);
  }
}

function skip(what, error) {
  skipped += 1;
  console.error(`SKIPPED: ${what}: ${String(error?.message ?? error).split('\n')[0]}`);
}

function same(what, a, b) {
  const [x, y] = [a, b].map((list) => [...list].sort());
  const lost = x.filter((l) => !y.includes(l)).slice(0, 5);
  const more = y.filter((l) => !x.includes(l)).slice(0, 5);
  if (x.length !== y.length || lost.length || more.length) {
    throw new Error(`${what} differ (${x.length}/${y.length}): only first ${JSON.stringify(lost)}, only second ${JSON.stringify(more)}`);
  }
}

/** A graph as lines: nodes and boundaries with the boundary they are in, edges. Flows end at `[boundary]`. */
class Meaning {
  /** What Mermaid uses for itself is written apart for it. */
  static apart = (lines) => lines.map((line) => line.replaceAll('ﬂ°', 'fl°').replaceAll('¶ß', '¶ss'));

  nodes = [];
  boundaries = [];
  edges = [];

  static same(what, a, b) {
    for (const part of ['nodes', 'boundaries', 'edges']) same(`${what}: ${part}`, Meaning.apart(a[part]), Meaning.apart(b[part]));
  }
}

// ---- Graphviz

/** What Graphviz shows for a label as it keeps it. */
const graphvizText = (text) => text.replace(/\\(.)/gs, (_, c) => (c === 'n' || c === 'l' ? '\n' : c)).replaceAll('&amp;', '&');

function readGraphviz(json) {
  const graph = JSON.parse(json);
  const objects = graph.objects ?? [];
  const clusters = objects.filter((o) => o.name.startsWith('cluster_'));
  const inside = (key, at) => clusters.filter((c) => (c[key] ?? []).includes(at));
  const deepest = (list) => list.sort((a, b) => depth(b._gvid) - depth(a._gvid))[0]?.name.slice('cluster_'.length) ?? '';
  const parent = new Map(clusters.flatMap((c) => (c.subgraphs ?? []).map((s) => [s, c._gvid])));
  const depth = (at) => (parent.has(at) ? 1 + depth(parent.get(at)) : 0);
  const meaning = new Meaning();
  const ends = new Map();
  for (const object of objects) {
    if (clusters.includes(object)) {
      const outer = parent.has(object._gvid) ? objects.find((o) => o._gvid === parent.get(object._gvid)).name.slice(8) : '';
      meaning.boundaries.push(`${object.name.slice(8)} ${graphvizText(object.label)} in ${outer}`);
      continue;
    }
    const anchor = /^anchor_(.*)$/.exec(object.name);
    ends.set(object._gvid, anchor ? `[${anchor[1]}]` : object.name);
    if (anchor || object.name === 'legend_') continue;
    const name = /^(from|to)_/.test(object.name) ? '' : graphvizText(object.label);
    meaning.nodes.push(`${object.name} ${name} in ${deepest(inside('nodes', object._gvid))}`);
  }
  for (const edge of graph.edges ?? []) {
    for (const [clip, end] of [['ltail', edge.tail], ['lhead', edge.head]]) {
      if (edge[clip] && `[${edge[clip].slice(8)}]` !== ends.get(end)) throw new Error(`${clip} ${edge[clip]}`);
    }
    meaning.edges.push(`${ends.get(edge.tail)} -> ${ends.get(edge.head)}: ${graphvizText(edge.label ?? '')}`);
  }
  return meaning;
}

// ---- Mermaid

const mermaidText = (text) =>
  (text ?? '').replaceAll(/<br\s*\/?>/g, '\n').replace(/ﬂ°°(\d+)¶ß/g, (_, n) => String.fromCodePoint(Number(n)));

function readMermaid(db) {
  const id = (word) => {
    const [, kind, rest] = /^([a-z]+)_(.*)$/.exec(word);
    const slug = rest.replaceAll('_', '-');
    return kind === 'e' ? slug : kind === 'b' || kind === 'a' ? `[${slug}]` : `${kind}_${slug}`;
  };
  const meaning = new Meaning();
  const subgraphs = db.getSubGraphs();
  const outer = (word) => subgraphs.find((s) => s.nodes.includes(word))?.id;
  const place = (word) => (outer(word) ? id(outer(word)).slice(1, -1) : '');
  const names = new Set(subgraphs.map((s) => s.id));
  for (const { id: word, title } of subgraphs) {
    meaning.boundaries.push(`${id(word).slice(1, -1)} ${mermaidText(title)} in ${place(word)}`);
  }
  const vertices = db.getVertices();
  for (const [word, vertex] of vertices instanceof Map ? vertices : Object.entries(vertices)) {
    if (names.has(word) || word.startsWith('a_') || word === 'legend_') continue;
    const name = /^(from|to)_/.test(word) ? '' : mermaidText(vertex.text);
    meaning.nodes.push(`${id(word)} ${name} in ${place(word)}`);
  }
  for (const edge of db.getEdges()) {
    if (edge.type !== 'arrow_point') throw new Error(`an edge is ${edge.type}`);
    meaning.edges.push(`${id(edge.start)} -> ${id(edge.end)}: ${mermaidText(edge.text)}`);
  }
  return meaning;
}

async function mermaidInNode() {
  const { JSDOM } = await import('jsdom');
  const { window } = new JSDOM('<!DOCTYPE html><body></body>', { pretendToBeVisual: true });
  Object.assign(globalThis, { window, document: window.document });
  const { default: mermaid } = await import('mermaid');
  mermaid.initialize({ startOnLoad: false, maxTextSize: 1e7, maxEdges: 1e5 });
  return mermaid;
}

// ---- browser

async function browser() {
  const { default: puppeteer } = await import('puppeteer-core');
  for (const name of ['chromium', 'google-chrome']) {
    const found = (process.env.PATH ?? '').split(':').map((p) => path.join(p, name)).find((p) => fs.existsSync(p));
    if (found) return puppeteer.launch({ executablePath: found, args: ['--no-sandbox'] });
  }
  const { default: chromium } = await import('@sparticuz/chromium');
  const args = puppeteer.defaultArgs({ args: chromium.args, headless: 'shell' });
  return puppeteer.launch({ executablePath: await chromium.executablePath(), args, headless: 'shell' });
}

/** Runs in the page: every text that leaves its box, patch or the picture, in user units. */
function measure(font) {
  const style = document.createElementNS('http://www.w3.org/2000/svg', 'style');
  style.textContent = font ? `.sconce{font-family:${font} !important}` : '';
  document.documentElement.append(style);
  const wrong = [];
  const spans = (node) => {
    const box = node.getBoundingClientRect();
    return [box.left, box.top, box.right, box.bottom];
  };
  // Fonts differ in what they reserve above and below a line, not in what they draw there.
  const slack = [1, 6, 1, 6];
  const leaves = (inner, outer) => [0, 1].some((i) => inner[i] < outer[i] - slack[i] || inner[i + 2] > outer[i + 2] + slack[i + 2]);
  const page = spans(document.querySelector('.paper'));
  const texts = [...document.querySelectorAll('text')];
  for (const text of texts) {
    const group = text.closest('g[id]');
    const own = text.classList.contains('aside') ? null : group?.querySelector('.plate, .body, rect.outline');
    const outer = own ? spans(own) : page;
    if (leaves(spans(text), outer)) wrong.push(`${text.textContent} ${spans(text)} leaves ${outer}`);
  }
  style.remove();
  return { texts: texts.length, wrong, root: document.documentElement.localName };
}

/** Runs in the page: draws a flowchart and gives the texts in it. */
async function drawMermaid(text) {
  globalThis.mermaid.initialize({ startOnLoad: false, maxTextSize: 1e7, maxEdges: 1e5 });
  const { svg } = await globalThis.mermaid.render('picture', text);
  document.body.innerHTML = svg;
  return [...document.querySelectorAll('.nodeLabel, .edgeLabel, .cluster-label')].map((n) => {
    for (const line of n.querySelectorAll('br')) line.replaceWith('\n');
    return n.textContent;
  });
}

const flat = (text) => text.replace(/\s+/g, ' ').trim();

// ---- everything

const all = inputs(root, folder).map((input) => {
  const draw = (format) => execFileSync(sconce, ['render', input.file, '--format', format, ...(input.args ?? [])], { encoding: 'utf8', maxBuffer: 1e8 });
  return { ...input, svg: draw('svg'), mermaid: draw('mermaid'), dot: draw('dot') };
});
console.log(`${all.length} pictures in three formats`);

try {
  const { Graphviz } = await import('@hpcc-js/wasm-graphviz');
  const graphviz = await Graphviz.load();
  for (const input of all) {
    check(`${input.name}: Graphviz`, () => {
      input.graphviz = readGraphviz(graphviz.layout(input.dot, 'dot_json', 'dot'));
      if (input.names) {
        const drawn = graphviz.layout(input.dot, 'svg', 'dot').replaceAll('&#45;', '-').replaceAll('&#160;', ' ');
        const plain = drawn.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
        for (const name of input.names) if (!plain.includes(`>${name}<`)) throw new Error(`${name} is not drawn`);
      }
    });
  }
} catch (error) {
  skip('Graphviz', error);
}

try {
  const mermaid = await mermaidInNode();
  for (const input of all) {
    try {
      const diagram = await mermaid.mermaidAPI.getDiagramFromText(input.mermaid);
      check(`${input.name}: Mermaid`, () => (input.parsed = readMermaid(diagram.db)));
    } catch (error) {
      failures.push(`${input.name}: Mermaid refuses it: ${error.message}`);
    }
  }
} catch (error) {
  skip('Mermaid', error);
}

for (const input of all) {
  const { graphviz, parsed } = input;
  if (graphviz && parsed) check(`${input.name}: DOT and Mermaid`, () => Meaning.same('DOT and Mermaid', graphviz, parsed));
  const ids = (kind) => [...input.svg.matchAll(new RegExp(`<g id="${kind}-([a-z0-9-]+)"`, 'g'))].map((m) => m[1]);
  for (const [what, meaning] of [['DOT', graphviz], ['Mermaid', parsed]]) {
    if (!meaning) continue;
    check(`${input.name}: SVG and ${what}`, () => {
      const drawn = meaning.nodes.filter((n) => !/^(from|to)_/.test(n)).map((n) => n.split(' ')[0]);
      same('elements', ids('element'), drawn);
      same('boundaries', ids('boundary'), meaning.boundaries.map((b) => b.split(' ')[0]));
      if (ids('flow').length !== meaning.edges.length) throw new Error('another number of flows');
      if (input.expected) Meaning.same('the sample', input.expected, meaning);
    });
  }
}

let chrome;
try {
  chrome = await browser();
} catch (error) {
  skip('the browser: texts of the SVG are not measured, Mermaid is not drawn', error);
}
if (chrome) {
  let measured = 0;
  const page = await chrome.newPage();
  page.setDefaultTimeout(60000);
  for (const input of all) {
    const file = path.join(folder, 'picture.svg');
    fs.writeFileSync(file, input.svg);
    await page.goto(`file://${file}`);
    for (const font of ['', 'serif', 'sans-serif']) {
      const { texts, wrong, root: tag } = await page.evaluate(measure, font);
      measured += texts;
      check(`${input.name}: SVG ${font}`, () => {
        if (tag !== 'svg') throw new Error('is not read as SVG');
        if (wrong.length) throw new Error(`${wrong.length} texts: ${wrong.slice(0, 3).join('; ')}`);
      });
    }
  }
  console.log(`${measured} texts measured`);
  await page.goto('about:blank');
  try {
    await page.addScriptTag({ path: new URL('node_modules/mermaid/dist/mermaid.min.js', import.meta.url).pathname });
    const begun = Date.now();
    for (const input of all.filter((i) => i.parsed && i.draws)) {
      if (Date.now() - begun > 90000) {
        skip(`${input.name} and what follows: Mermaid drew for 90 seconds`);
        break;
      }
      try {
        const drawn = (await page.evaluate(drawMermaid, input.mermaid)).map(flat);
        const name = (line) => flat(line.replace(/^\S+ /, '').replace(/ in \S*$/, ''));
        const things = [...input.parsed.nodes, ...input.parsed.boundaries].map(name);
        const wanted = [...things, ...input.parsed.edges.map((e) => flat(e.replace(/^\S+ -> \S+: /, '')))];
        check(`${input.name}: Mermaid drawn`, () => {
          const lost = wanted.filter((w) => w && !drawn.includes(w));
          if (lost.length) throw new Error(`not drawn: ${JSON.stringify(lost.slice(0, 8))}`);
        });
      } catch (error) {
        failures.push(`${input.name}: Mermaid cannot draw it: ${error.message}`);
      }
    }
  } catch (error) {
    skip('Mermaid in the browser', error);
  }
  await chrome.close();
}
for (const failure of failures) console.error(`FAILED: ${failure}`);
console.log(`${passed} passed, ${failures.length} failed, ${skipped} skipped`);
process.exit(failures.length ? 1 : 0);

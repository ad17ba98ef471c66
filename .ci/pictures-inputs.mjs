// What `.ci/pictures` draws: the models of the repository, the samples of the layout tests as models, and a model whose
// names try to be anything but names. No checks.
import fs from 'node:fs';
import path from 'node:path';

const NAMES = [
  'end', 'subgraph x', '"quoted" \'single\' `back`', '[a] (b) {c} <d> |e|', '<script>alert(1)</script>',
  '</title></svg>&lt;&#60;&amp;', '%%{init: {"theme": "dark"}}%%', '%% not a comment', '--> b_web', '1. not a list',
  '- not a list', '+ not a list', '**not bold** _or_ *this*', 'www.example.org/a?b=c#d;e:f', 'style a:b#c; classDef d:e#f;',
  'click e_web href "javascript:alert(1)"', 'back\\slash \\N \\G \\l \\', '#quot; #35; ﬂ°°35¶ß ﬂ°lt¶ß', 'שלום مرحبا',
  'データベース 🔐 👨‍👩‍👧 café é', '▶ ○ ┌╌', ']]>', '<!-- comment -->', '@{ shape: circle }', '$$x^2$$', 'A&B; C&amp;D',
  ':::external', '&nbsp;<br/>\\n', 'fa:fa-ban icon', '-', '_', '.', '# heading', '> quote', '~~~', 'x@y.org', '![a](b)',
  'linkStyle default x', 'a<br>b', "it's 100% (ok), really?!", 'default', 'href', 'o--o', '1', '2.5', 'v1.2-rc_3',
];

const quoted = (text) => JSON.stringify(text);

/** A model in the format of the program. */
function model(name, { boundaries, elements, flows }) {
  const list = (things, line) => Object.entries(things).map(([id, t]) => `        ${quoted(id)}: ${t.kind ?? ''}(${line(t)}),\n`).join('');
  const field = (key, value) => (value ? `${key}: ${quoted(value)}, ` : '');
  return `#![enable(implicit_some)]
ThreatModel(
    format: (1, 0),
    system: (name: ${quoted(name)}),
    boundaries: {\n${list(boundaries, (b) => field('name', b.name) + field('inside', b.inside))}    },
    elements: {\n${list(elements, (e) => field('name', e.name) + field('inside', e.inside))}    },
    flows: {\n${list(flows, (f) => field('name', f.name) + field('from', f.from) + field('to', f.to))}    },
)
`;
}

/** An id that the program takes. */
const slug = (text) => text?.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');

function sample(json) {
  const kinds = { external: 'ExternalEntity', store: 'DataStore' };
  const things = (list, make) => Object.fromEntries(list.map((t) => [slug(t.id), make(t)]));
  return {
    boundaries: things(json.boundaries, (b) => ({ name: b.label, inside: slug(b.parent) })),
    elements: things(json.nodes, (n) => ({ name: n.label, kind: kinds[n.kind] ?? 'Process', inside: slug(n.parent) })),
    flows: things(json.flows, (f) => ({ name: f.label ?? '', from: slug(f.from), to: slug(f.to) })),
  };
}

/** What every reader has to find in a sample. */
function expected({ boundaries, elements, flows }) {
  const things = (list) => Object.entries(list).map(([id, t]) => `${id} ${(t.name || id).trim().replace(/\s+/g, ' ')} in ${t.inside ?? ''}`);
  const end = (id) => (boundaries[id] ? `[${id}]` : id);
  const edges = Object.values(flows).map((f) => `${end(f.from)} -> ${end(f.to)}: ${f.name.trim().replace(/\s+/g, ' ')}`);
  return { nodes: things(elements), boundaries: things(boundaries), edges };
}

function named() {
  const parts = { boundaries: {}, elements: {}, flows: {} };
  NAMES.forEach((name, at) => {
    parts.boundaries[`b${at}`] = { name };
    parts.elements[`e${at}`] = { name, kind: ['ExternalEntity', 'Process', 'DataStore'][at % 3], inside: `b${at}` };
    parts.flows[`f${at}`] = { name, from: `e${at}`, to: `e${Math.floor(at / 2)}` };
  });
  return parts;
}

/** Ends of every kind: nothing, a boundary, the boundary around, a boundary in a boundary, itself. */
function odd() {
  const element = (name, inside, kind = 'Process') => ({ name, kind, inside });
  const flow = (from, to, name = '') => ({ from, to, name });
  return {
    boundaries: { zone: { name: 'Zone' }, inner: { name: 'Inner', inside: 'zone' }, hollow: { name: 'Hollow' } },
    elements: { app: element('App', 'zone'), files: element('Files', 'inner', 'DataStore'), user: element('User', '') },
    flows: {
      f1: flow('user', 'zone', 'to a boundary'), f2: flow('zone', 'user'), f3: flow('zone', 'app', 'to a member'),
      f4: flow('files', 'zone', 'from deep inside'), f5: flow('zone', 'inner', 'to a part'), f6: flow('user', 'hollow', 'to nothing'),
      f7: flow('app', 'app', 'tick'), f8: flow('zone', 'zone', 'round'), f9: flow('hollow', 'inner', 'across'),
    },
  };
}

function models(folder) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    return entry.isDirectory() ? models(file) : entry.name.endsWith('.tm.ron') ? [file] : [];
  });
}

/** Everything to draw; files that are made lie in `folder`. */
export function inputs(root, folder) {
  const found = models(path.join(root, 'models')).sort().map((file) => ({ name: path.relative(root, file), file, draws: !file.includes('bench') }));
  // The same with parts left out: what is folded or on one row has other shapes.
  for (const { name, file } of [...found]) {
    for (const args of [['--fold', 'all'], ['--zoom', 'names'], ['--zoom', 'boundaries']]) {
      found.push({ name: `${name} ${args.join(' ')}`, file, args, draws: !file.includes('bench') });
    }
  }
  const make = (name, parts, more) => {
    const file = path.join(folder, `${slug(name)}.tm.ron`);
    fs.writeFileSync(file, model(name, parts));
    found.push({ name, file, expected: expected(parts), ...more });
  };
  const samples = path.join(root, 'tests/it/data/layout');
  for (const entry of fs.readdirSync(samples).sort()) {
    const name = entry.replace('.json', '');
    // Graphviz and Mermaid read the largest, but find no routes for its flows.
    if (name === 'dfd300') continue;
    const draws = !['k8', 'star60', 'chain400', 'dfd100'].includes(name);
    make(name, sample(JSON.parse(fs.readFileSync(path.join(samples, entry), 'utf8'))), { draws });
  }
  make('names', named(), { names: NAMES, draws: true });
  make('odd', odd(), { draws: true });
  return found;
}

/** A pattern as it stands in a profile, ready to be asked. */
export interface LinearPattern {
  /** Whether the whole text matches; in time proportional to the text, whatever the pattern. */
  test(text: string): boolean;
}

type State =
  | { readonly does: 'take'; readonly test: (character: string) => boolean; readonly next: number }
  | { readonly does: 'split'; readonly to: number[] }
  | { readonly does: 'end' };

type Part =
  | { readonly is: 'set'; readonly test: (character: string) => boolean }
  | { readonly is: 'sequence'; readonly parts: readonly Part[] }
  | { readonly is: 'choice'; readonly parts: readonly Part[] }
  | { readonly is: 'repeat'; readonly part: Part; readonly min: number; readonly max: number };

/** A pattern with many counted repetitions becomes that many states. */
const maxStates = 4_000;
const maxDepth = 20;

/**
 * Compiles a regular expression of the regular kind: characters, classes, groups, `|`, `? * + {m,n}`, written `^…$` so that a
 * form can use it as it is. All ways through it are followed at once, so nothing is ever tried again: there is no pattern
 * that takes long (`(a+)+$` is as fast as any). Throws one sentence for what it does not know: look-around, back
 * references, lazy quantifiers, anchors inside, and for more than `mostStates`: the time for a character grows with them.
 */
export function compilePattern(source: string, mostStates = maxStates): LinearPattern {
  if (!source.startsWith('^') || !source.endsWith('$') || source.endsWith('\\$')) {
    throw new Error('must begin with ^ and end with $');
  }
  try {
    new RegExp(source, 'u');
  } catch {
    throw new Error('is no regular expression');
  }
  const states: State[] = [{ does: 'end' }];
  const start = addPart(parsePattern([...source.slice(1, -1)]), 0, states);
  if (states.length > mostStates) throw new Error('repeats too much');
  return { test: (text) => run(states, start, text) };
}

function run(states: readonly State[], start: number, text: string): boolean {
  /** Behind how many characters a state was reached last: each is followed once, without a set for each character. */
  const reachedAt = new Uint32Array(states.length);
  const open: number[] = [];
  let now: number[] = [];
  let next: number[] = [];
  let step = 1;

  /** Adds where one can be from there without taking a character. */
  function reach(from: number): void {
    open.push(from);
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (reachedAt[at] === step) continue;
      reachedAt[at] = step;
      const state = states[at];
      if (state?.does === 'split') open.push(...state.to);
      else next.push(at);
    }
  }

  reach(start);
  for (const character of text) {
    [now, next] = [next, now];
    next.length = 0;
    step += 1;
    for (const at of now) {
      const state = states[at];
      if (state?.does === 'take' && state.test(character)) reach(state.next);
    }
    if (next.length === 0) return false;
  }
  return reachedAt[0] === step;
}

function add(state: State, states: State[]): number {
  if (states.length >= maxStates) throw new Error('repeats too much');
  return states.push(state) - 1;
}

/** The state from which the part is matched and then `next` goes on. */
function addPart(part: Part, next: number, states: State[]): number {
  switch (part.is) {
    case 'set':
      return add({ does: 'take', test: part.test, next }, states);
    case 'sequence':
      return part.parts.reduceRight((after, each) => addPart(each, after, states), next);
    case 'choice':
      return add({ does: 'split', to: part.parts.map((each) => addPart(each, next, states)) }, states);
    case 'repeat': {
      let at = next;
      if (part.max === Number.POSITIVE_INFINITY) {
        const loop: number[] = [next];
        at = add({ does: 'split', to: loop }, states);
        loop.push(addPart(part.part, at, states));
      } else {
        for (let count = part.min; count < part.max; count += 1)
          at = add({ does: 'split', to: [next, addPart(part.part, at, states)] }, states);
      }
      for (let count = 0; count < part.min; count += 1) {
        const before = at;
        at = addPart(part.part, at, states);
        // Nothing, however often, is nothing: it would add no state, and never come to the limit of them.
        if (at === before) break;
      }
      return at;
    }
  }
}

interface Reader {
  readonly characters: readonly string[];
  at: number;
}

function parsePattern(characters: readonly string[]): Part {
  const reader: Reader = { characters, at: 0 };
  const part = readChoice(reader, 0);
  if (reader.at < characters.length) throw new Error("has a ')' too many");
  return part;
}

function readChoice(reader: Reader, depth: number): Part {
  if (depth > maxDepth) throw new Error('nests too deep');
  const parts: Part[] = [readSequence(reader, depth)];
  while (reader.characters[reader.at] === '|') {
    reader.at += 1;
    parts.push(readSequence(reader, depth));
  }
  return parts.length === 1 && parts[0] ? parts[0] : { is: 'choice', parts };
}

function readSequence(reader: Reader, depth: number): Part {
  const parts: Part[] = [];
  for (let next = reader.characters[reader.at]; next !== undefined; next = reader.characters[reader.at]) {
    if (next === '|' || next === ')') break;
    parts.push(readRepeat(reader, readAtom(reader, depth)));
  }
  return { is: 'sequence', parts };
}

function readAtom(reader: Reader, depth: number): Part {
  const first = reader.characters[reader.at] ?? '';
  if (first === '(') return readGroup(reader, depth);
  const source = first === '[' ? readClass(reader) : first === '\\' ? readEscape(reader) : first;
  if (source === first) reader.at += 1;
  if ('^$?*+{}'.includes(source)) throw new Error(`has '${source}' where nothing of that kind may stand`);
  return { is: 'set', test: createTest(source) };
}

function readGroup(reader: Reader, depth: number): Part {
  reader.at += 1;
  if (reader.characters[reader.at] === '?') {
    if (reader.characters[reader.at + 1] !== ':') throw new Error('has a group with ?, of which only (?: is known');
    reader.at += 2;
  }
  const part = readChoice(reader, depth + 1);
  reader.at += 1;
  return part;
}

/** `[…]` as it stands. */
function readClass(reader: Reader): string {
  const start = reader.at;
  for (reader.at += 1; reader.characters[reader.at] !== ']'; reader.at += 1) {
    if (reader.characters[reader.at] === '\\') reader.at += 1;
  }
  reader.at += 1;
  return reader.characters.slice(start, reader.at).join('');
}

function readEscape(reader: Reader): string {
  const rest = reader.characters.slice(reader.at, reader.at + 40).join('');
  const [text] = /^\\(p\{[\w=]+\}|P\{[\w=]+\}|u\{[0-9a-fA-F]+\}|u[0-9a-fA-F]{4}|[dDwWsS]|[^\w])/u.exec(rest) ?? [];
  if (text === undefined) throw new Error(`has the escape ${rest.slice(0, 2)}, which is not known`);
  reader.at += [...text].length;
  return text;
}

function readRepeat(reader: Reader, part: Part): Part {
  const rest = reader.characters.slice(reader.at, reader.at + 20).join('');
  const [text, one, min, comma, max] = /^(?:([?*+])|\{(\d+)(,)?(\d*)\})/.exec(rest) ?? [];
  if (text === undefined) return part;
  reader.at += text.length;
  if (/^[?*+{]/.test(reader.characters[reader.at] ?? '')) throw new Error('has two quantifiers in a row');
  if (one !== undefined)
    return { is: 'repeat', part, min: one === '+' ? 1 : 0, max: one === '?' ? 1 : Number.POSITIVE_INFINITY };
  const least = Number(min);
  const most = comma === undefined ? least : max ? Number(max) : Number.POSITIVE_INFINITY;
  return { is: 'repeat', part, min: least, max: most };
}

/** One character against one set: nothing that could take long. */
function createTest(source: string): (character: string) => boolean {
  if (source.length === 1 && source !== '.') return (character) => character === source;
  const set = new RegExp(`^${source}$`, 'u');
  return (character) => set.test(character);
}

/** How far into a frame its object's metadata is looked for, in characters. */
const headLength = 65_536;

export interface Placeholder {
  readonly type: string;
  /** `apiVersion`, `kind` and who the object is. */
  readonly object: { readonly metadata: object };
}

/**
 * What the beginning of a frame that is too large tells of its object: enough to know that it is there and in which
 * version, and nothing of what is in it. Undefined where the beginning does not tell, as where large fields come first.
 */
export function placeholderOf(frame: string): Placeholder | undefined {
  const head = frame.slice(0, headLength);
  const type = parse(memberOf(head, 0, 'type'));
  const at = positionOf(head, 0, 'object');
  if (typeof type !== 'string' || at === undefined) return undefined;
  const metadata = parse(memberOf(head, at, 'metadata'));
  if (typeof metadata !== 'object' || metadata === null) return undefined;
  const kept = ['name', 'namespace', 'uid', 'resourceVersion', 'creationTimestamp', 'deletionTimestamp', 'labels'];
  const identity = Object.fromEntries(Object.entries(metadata).filter(([key]) => kept.includes(key)));
  if (typeof identity.name !== 'string' || typeof identity.resourceVersion !== 'string') return undefined;
  return { type, object: { metadata: identity } };
}

/** The text of a member's value, where it stands whole in the text. */
function memberOf(text: string, objectAt: number, name: string): string | undefined {
  const from = positionOf(text, objectAt, name);
  const to = from === undefined ? undefined : endOfValue(text, from);
  return to === undefined ? undefined : text.slice(from, to);
}

/** Where the value of a member begins. */
function positionOf(text: string, objectAt: number, name: string): number | undefined {
  if (text[objectAt] !== '{') return undefined;
  for (let at = objectAt + 1; text[at] === '"'; ) {
    const keyEnd = endOfValue(text, at);
    if (keyEnd === undefined || text[keyEnd] !== ':') return undefined;
    if (text.slice(at, keyEnd) === `"${name}"`) return keyEnd + 1;
    const valueEnd = endOfValue(text, keyEnd + 1);
    if (valueEnd === undefined || text[valueEnd] !== ',') return undefined;
    at = valueEnd + 1;
  }
  return undefined;
}

/** Just behind a value that stands whole in the text; servers write frames without spaces. */
function endOfValue(text: string, from: number): number | undefined {
  const token = /"(?:[^"\\]|\\.)*"|[{}[\]]|[^"{}[\],:]+|[,:]/y;
  token.lastIndex = from;
  let depth = 0;
  do {
    const found = token.exec(text)?.[0];
    if (found === undefined) return undefined;
    if (found === '{' || found === '[') depth += 1;
    if (found === '}' || found === ']') depth -= 1;
    if (token.lastIndex >= text.length) return undefined;
  } while (depth > 0);
  return token.lastIndex;
}

function parse(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

import table from './generated/structure.json' with { type: 'json' };

/** What one place of an object may hold. */
export type TypeExpression =
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'list'; readonly of: TypeExpression }
  | { readonly kind: 'map'; readonly of: TypeExpression };

/** One field of a served type with everything that decoding, merging and OpenAPI ask of it. */
export interface FieldInfo {
  readonly name: string;
  readonly type: TypeExpression;
  readonly isRequired: boolean;
  /** Undefined where the API sets none. An object is always present as at least `{}` where this is `{}`. */
  readonly default: unknown;
  readonly list: 'atomic' | 'set' | 'map' | undefined;
  readonly keys: readonly string[];
  readonly patchStrategies: readonly string[];
  readonly mergeKey: string | undefined;
  readonly allowed: readonly string[];
}

export interface TypeInfo {
  readonly name: string;
  readonly isAtomic: boolean;
  readonly union: { readonly discriminator: string; readonly fields: readonly string[] } | undefined;
  /** In the order of the table, which is alphabetical. */
  readonly fields: ReadonlyMap<string, FieldInfo>;
}

const lines: Readonly<Record<string, string>> = table.types;
const parsed = new Map<string, TypeInfo>();

/** A type by its short name such as `core/v1.Pod`; undefined for scalars and for names the table lacks. Parsed once, when asked for. */
export function typeInfo(name: string): TypeInfo | undefined {
  const known = parsed.get(name);
  if (known !== undefined) return known;
  if (!Object.hasOwn(lines, name)) return undefined;
  const made = parseLine(name, lines[name] ?? '');
  parsed.set(name, made);
  return made;
}

function parseLine(name: string, line: string): TypeInfo {
  const fields = new Map<string, FieldInfo>();
  let own: readonly string[] = [];
  for (const part of line.split('; ')) {
    const [head = '', ...tokens] = part.split(' ');
    if (head === '@') own = tokens;
    else if (head !== '') {
      const field = parseField(head, tokens);
      fields.set(field.name, field);
    }
  }
  const union = argumentOf(own, 'union');
  const [discriminator = '', members = ''] = union?.split(':') ?? [];
  return {
    name,
    isAtomic: own.includes('atomic'),
    union: union === undefined ? undefined : { discriminator, fields: members.split(',') },
    fields,
  };
}

function parseField(head: string, [typeText = '', ...tokens]: readonly string[]): FieldInfo {
  const isRequired = head.endsWith('!');
  const type = parseType(typeText);
  const keys = argumentOf(tokens, 'map')?.split(',') ?? [];
  const mergeKey = argumentOf(tokens, 'merge');
  const hasMerge = mergeKey !== undefined || tokens.includes('merge');
  return {
    name: isRequired ? head.slice(0, -1) : head,
    type,
    isRequired,
    default: defaultOf(type, isRequired, tokens),
    list: keys.length > 0 ? 'map' : tokens.includes('set') ? 'set' : tokens.includes('atomic') ? 'atomic' : undefined,
    keys,
    patchStrategies: [
      ...(hasMerge ? ['merge'] : []),
      ...tokens.filter((token) => token === 'replace' || token === 'retainKeys'),
    ],
    mergeKey,
    allowed: argumentOf(tokens, 'enum')?.split('|') ?? [],
  };
}

function parseType(text: string): TypeExpression {
  if (text.startsWith('[]')) return { kind: 'list', of: parseType(text.slice(2)) };
  if (text.startsWith('{}')) return { kind: 'map', of: parseType(text.slice(2)) };
  return { kind: 'named', name: text };
}

/** What the API says, else the zero value of a required field; metadata is never missing. */
function defaultOf(type: TypeExpression, isRequired: boolean, tokens: readonly string[]): unknown {
  const own = tokens.find((token) => token.startsWith('='));
  if (own !== undefined) return JSON.parse(own.slice(1));
  if (type.kind !== 'named' || tokens.includes('nodefault')) return undefined;
  const { name } = type;
  if (name === 'meta/v1.ObjectMeta' || name === 'meta/v1.ListMeta') return {};
  if (!isRequired) return undefined;
  switch (name) {
    case 'string':
      return '';
    case 'int32':
    case 'int64':
      return 0;
    case 'boolean':
      return false;
    default:
      return Object.hasOwn(lines, name) ? {} : undefined;
  }
}

function argumentOf(tokens: readonly string[], name: string): string | undefined {
  const token = tokens.find((each) => each.startsWith(`${name}(`));
  return token?.slice(name.length + 1, -1);
}

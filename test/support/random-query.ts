import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInterfaceType,
  isLeafType,
  isNonNullType,
  isObjectType,
  isUnionType,
} from 'graphql';

/** A number in [0, 1) from a seed: the same seed, the same document. */
export type Chance = () => number;

export function createChance(seed: number): Chance {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface RandomQueryOptions {
  readonly schema: GraphQLSchema;
  readonly chance: Chance;
  /** Values for arguments by name; an argument that must be there and is not listed makes its field unusable. */
  readonly args: Readonly<Record<string, readonly string[]>>;
  readonly maxDepth?: number;
  /** Fields never asked for, as `Type.field`. */
  readonly without?: readonly string[];
  /** Root fields as text that every third document or so has besides. */
  readonly often?: readonly string[];
}

/** A valid query of the schema with aliases, fragments and directives in it. */
export function randomQuery(options: RandomQueryOptions): string {
  const { schema, chance, maxDepth = 5, without = [] } = options;
  const query = schema.getQueryType();
  if (!query) throw new Error('the schema has no queries');
  const pick = <T>(items: readonly T[]): T | undefined => items[Math.floor(chance() * items.length)];
  const fragments: string[] = [];
  let aliases = 0;

  function argumentsOf(field: GraphQLField<unknown, unknown>): string | undefined {
    const given: string[] = [];
    for (const argument of field.args) {
      const value = textOf(argument);
      if (value !== undefined && (isNonNullType(argument.type) || chance() < 0.5)) {
        given.push(`${argument.name}: ${value}`);
      } else if (isNonNullType(argument.type) && argument.defaultValue === undefined) return undefined;
    }
    return given.length === 0 ? '' : `(${given.join(', ')})`;
  }

  function textOf(argument: GraphQLArgument): string | undefined {
    const known = pick(options.args[argument.name] ?? []);
    if (known !== undefined) return known;
    if (argument.name === 'first') return String(Math.floor(chance() * 4));
    const type = getNamedType(argument.type);
    return isEnumType(type) && isNonNullType(argument.type) ? pick(type.getValues())?.name : undefined;
  }

  function selection(type: GraphQLObjectType | GraphQLInterfaceType, depth: number): string {
    const chosen = ['__typename'];
    const fields = Object.values(type.getFields()).filter((field) => !without.includes(`${type.name}.${field.name}`));
    for (const field of fields) {
      const below = getNamedType(field.type);
      const isLeaf = isLeafType(below);
      if (!isLeaf && depth >= maxDepth) continue;
      const isPage = ['nodes', 'edges', 'node', 'pageInfo'].includes(field.name);
      if (chance() > (isLeaf ? 0.4 : isPage ? 0.8 : 0.15)) continue;
      const args = argumentsOf(field);
      if (args === undefined) continue;
      // Of two uses of one field with different arguments only aliases make one document.
      const name = args === '' && chance() < 0.8 ? field.name : `a${aliases++}: ${field.name}`;
      const directive = chance() < 0.1 ? ` @include(if: ${chance() < 0.5 ? 'true' : '$yes'})` : '';
      chosen.push(`${name}${args}${directive}${isLeaf ? '' : ` ${braces(below, depth + 1)}`}`);
    }
    return chosen.join(' ');
  }

  function braces(type: unknown, depth: number): string {
    if (isUnionType(type)) {
      return `{ __typename ${type
        .getTypes()
        .map((each) => `... on ${each.name} { ${selection(each, depth)} }`)
        .join(' ')} }`;
    }
    if (!isObjectType(type) && !isInterfaceType(type)) throw new Error(`nothing can be selected on ${String(type)}`);
    if (chance() < 0.8) return `{ ${selection(type, depth)} }`;
    const name = `F${fragments.length}`;
    fragments.push('');
    fragments[Number(name.slice(1))] = `fragment ${name} on ${type.name} { ${selection(type, depth)} }`;
    return `{ ...${name} }`;
  }

  const roots = Object.values(query.getFields()).filter((field) => !without.includes(`Query.${field.name}`));
  const parts = ['__typename', ...(options.often ?? []).filter(() => chance() < 0.5)];
  for (let wanted = Math.floor(chance() * 4), tries = 0; wanted > 0 && tries < 50; tries += 1) {
    const field = pick(roots);
    const args = field && argumentsOf(field);
    if (field === undefined || args === undefined) continue;
    const below = getNamedType(field.type);
    parts.push(`r${tries}: ${field.name}${args} ${isLeafType(below) ? '' : braces(below, 1)}`);
    wanted -= 1;
  }
  return `query Random($yes: Boolean! = true) { ${parts.join(' ')} maybe: __typename @include(if: $yes) } ${fragments.join(' ')}`;
}

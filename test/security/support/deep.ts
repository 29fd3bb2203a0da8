import { getNamedType, isRequiredArgument } from 'graphql';
import type { RootField } from '../../../src/graph/schema/schema-registry.ts';
import { argumentsFor } from './arguments.ts';
import { type SelectionOptions, selectionsOf } from './selections.ts';
import type { Answer, Transport } from './transports.ts';
import type { Thing, World } from './world.ts';

export interface DeepOperation {
  readonly title: string;
  /** The root field with its arguments and all that is selected. */
  readonly field: string;
  readonly document: string;
  /** About one thing, and not a list. */
  readonly isSmall: boolean;
}

/** Questions about single things that go in one request: most of their time is the way there and back. */
const groupSize = 12;

/**
 * What each of these operations is answered. Those about single things are asked several at once; where anything of that goes
 * wrong, or is too much at once, each is asked alone, so that no answer is lost with another.
 */
export async function* answersTo(
  transport: Pick<Transport, 'request'>,
  operations: readonly DeepOperation[],
): AsyncGenerator<{ readonly title: string; readonly answer: Answer }> {
  const alone = operations.filter(({ isSmall }) => !isSmall);
  const small = operations.filter(({ isSmall }) => isSmall);
  for (let at = 0; at < small.length; at += groupSize) {
    const group = small.slice(at, at + groupSize);
    const together = await transport.request(`{ ${group.map(({ field }, index) => `a${index}: ${field}`).join(' ')} }`);
    if (!together.data || together.errors) {
      alone.push(...group);
      continue;
    }
    for (const [index, { title }] of group.entries()) {
      yield { title, answer: { data: { answer: together.data[`a${index}`] } } };
    }
  }
  for (const { title, document } of alone) yield { title, answer: await transport.request(document) };
}

/**
 * Operations that ask a root field for everything it can tell, to a depth: lists as a whole, single things one by one
 * for each kind that is there. One operation each, since some are long.
 */
export function deepOperations(
  world: Pick<World, 'schema' | 'registry' | 'rootFields'>,
  type: RootField['type'],
  options: SelectionOptions & { readonly things: readonly Thing[] },
): readonly DeepOperation[] {
  return world.rootFields.flatMap((root) => {
    if (root.type !== type) return [];
    const parent = world.schema.getType(type);
    const field = parent && 'getFields' in parent ? parent.getFields()[root.name] : undefined;
    if (!field || !('args' in field)) return [];
    const named = getNamedType(field.type);
    const isPublic = 'public' in root.guard;
    // What can be about any kind at all is asked for less: the kinds have root fields of their own.
    const selections = selectionsOf(world.schema, named, isPublic ? { ...options, depth: 1 } : options);
    const operations = (title: string, args: string, subject?: string) =>
      selections
        .filter((selection) => isAbout(world, selection, subject))
        .map((selection) => {
          const field = `${root.name}${args} ${selection}`;
          return {
            title,
            field,
            document: `${type.toLowerCase()} { answer: ${field} }`,
            isSmall: subject !== undefined,
          };
        });
    const required = field.args.filter(isRequiredArgument);
    if (required.length === 0) {
      const page = field.args.some(({ name }) => name === 'first') ? '(first: 250)' : '';
      return operations(root.name, page);
    }
    const { guard } = root;
    return options.things
      .filter(({ subject, kind }) => ('subjects' in guard ? guard.subjects.includes(subject) : kind !== undefined))
      .flatMap((thing) =>
        operations(
          `${root.name} of ${thing.subject} '${thing.name}'`,
          // Only what must be said: a filter would hide what this is about.
          argumentsFor(`${type}.${root.name}`, withoutFilter(field.args), thing),
          thing.subject,
        ),
      );
  });
}

function withoutFilter<T extends { readonly name: string }>(args: readonly T[]): readonly T[] {
  return args.filter(({ name }) => name !== 'filter' && name !== 'tail');
}

/** Whether a selection can show anything of the subject: members of other types than its own are empty. */
function isAbout({ registry }: Pick<World, 'registry'>, selection: string, subject: string | undefined): boolean {
  const member = /^{ __typename \.\.\. on (\w+) {/.exec(selection)?.[1];
  if (member === undefined || subject === undefined) return true;
  return registry.kinds.get(subject)?.typeName === member;
}

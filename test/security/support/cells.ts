import { type GraphQLField, getNamedType, isLeafType } from 'graphql';
import type { RootField } from '../../../src/graph/schema/schema-registry.ts';
import { argumentsFor } from './arguments.ts';
import { marksOf } from './marks.ts';
import type { Caller } from './principals.ts';
import type { StreamEnd } from './transports.ts';
import type { Thing, World } from './world.ts';

/** One root field asked about one thing. */
export interface Question {
  readonly root: RootField;
  readonly thing: Thing;
  /** `pod(cluster: "alpha", …)` */
  readonly call: string;
  /** Name of the fragment that selects from the answer, and its text; empty for a leaf. */
  readonly fragment: { readonly name: string; readonly text: string } | undefined;
  /** Of streams: behind the snapshot, by itself where it need not be followed, or as soon as it is open. */
  readonly streamEnd: StreamEnd;
  /** Of a stream: whether it tells what is there, or only what changes from now on. */
  readonly hasSnapshot: boolean;
}

/**
 * What must come of it. `there`: the thing shows. `absent`: as if it never existed. `allowed`: it is done, or something
 * besides rights stands against it. `refused`: it may be read, but this may not be done to it. `forbidden`: the field
 * itself is closed to this caller.
 */
export type Outcome = 'unauthenticated' | 'forbidden' | 'absent' | 'refused' | 'there' | 'allowed';

/** Every root field with every subject it can be about, for every place a thing can be. Throws what it cannot ask, by name. */
export function allQuestions(world: World): readonly Question[] {
  return world.rootFields.flatMap((root) => {
    const field = fieldOf(world, root);
    const questions = subjectsOf(world, root).flatMap((subject) => questionsAbout(world, root, field, subject));
    if (questions.length === 0) throw new Error(`The matrix asks nothing of ${root.type}.${root.name}`);
    return questions;
  });
}

function fieldOf({ schema }: World, root: RootField): GraphQLField<unknown, unknown> {
  const type = schema.getType(root.type);
  const field = type && 'getFields' in type ? type.getFields()[root.name] : undefined;
  if (!field || !('args' in field)) throw new Error(`The schema has no ${root.type}.${root.name}`);
  return field;
}

/** A public field may be about anything that its arguments can name. */
function subjectsOf(world: World, { guard }: RootField): readonly string[] {
  if (!('subjects' in guard)) return [...world.things.keys()];
  for (const subject of guard.subjects) {
    if (!world.things.has(subject) && !world.unserved.includes(subject)) {
      throw new Error(`The world has nothing of ${subject}`);
    }
  }
  return guard.subjects.filter((subject) => world.things.has(subject));
}

function questionsAbout(
  world: World,
  root: RootField,
  field: GraphQLField<unknown, unknown>,
  subject: string,
): readonly Question[] {
  const type = getNamedType(field.type);
  const fragment = isLeafType(type)
    ? undefined
    : { name: `On${type.name}`, text: `fragment On${type.name} on ${type.name} ${marksOf(world.schema, type)}` };
  const names = field.args.map(({ name }) => name);
  const streamEnd = names.includes('follow') ? 'itself' : 'snapshot';
  const hasSnapshot = names.includes('snapshot');
  const ofSubject = world.things.get(subject) ?? [];
  try {
    return ofSubject.map((thing) => {
      const call = `${root.name}${argumentsFor(`${root.type}.${root.name}`, field.args, thing)}`;
      return { root, thing, call, fragment, streamEnd, hasSnapshot };
    });
  } catch (error) {
    // A field for Kubernetes objects cannot be asked about a row; any other gap is a fault of the matrix.
    const isRow = ofSubject.every(({ kind }) => kind === undefined);
    if ('public' in root.guard && isRow) return [];
    throw error;
  }
}

/** What must come of a question, by the oracle alone. */
export function expectedOutcome(world: World, caller: Caller, { root, thing, hasSnapshot }: Question): Outcome {
  const { oracle } = world;
  if (!caller.isKnown) return 'unauthenticated';
  const { guard } = root;
  const isOpen = 'public' in guard;
  if (!isOpen && !oracle.mayEver(caller, guard.action, guard.subjects)) return 'forbidden';
  const action = isOpen ? 'READ' : guard.action;
  const mayRead = oracle.may(caller, 'READ', thing);
  const mayAct = oracle.may(caller, action, thing);
  if (aboutNothing.has(root.name)) return 'allowed';
  // A stream of a kind that the caller can never see is refused as such, whatever it is about.
  if (isOpen && root.type === 'Subscription' && !oracle.mayEver(caller, 'READ', [thing.subject])) return 'forbidden';
  const isMaking = makers.has(action) && !copying.has(root.name);
  if (root.type === 'Mutation' || action !== 'READ') {
    if (isMaking ? mayAct : mayAct && mayRead && thing.exists) return 'allowed';
    return mayRead && (thing.exists || isMaking) ? 'refused' : 'absent';
  }
  if (mayRead && thing.position === 'deleted' && remembering.has(root.name)) return 'allowed';
  if (!mayRead || !thing.exists) return 'absent';
  if (counting.has(root.name)) return 'allowed';
  // Without a snapshot there is nothing to see yet; what comes later is tested by the streams that run.
  return root.type === 'Subscription' && !hasSnapshot ? 'allowed' : 'there';
}

/** About none of the things: open to every caller, about what the caller makes for themselves, or kept elsewhere. */
const aboutNothing = new Set([
  'createEventWebhook',
  'createServiceToken',
  'diagnosis',
  'nameCheck',
  'storageClassForms',
  'roles',
  'viewer',
  'profile',
  'profiles',
  'logSearch',
  'storedLogLines',
]);

/** What is gone still has its story, for who could see it. */
const remembering = new Set(['kubernetesEventHistory', 'kubernetesEventCounts']);

/** Answer in numbers, in which nothing bears a mark. */
const counting = new Set([
  // Objects inside objects, which the roads walk.
  'networkTopology',
  'kubernetesEventCounts',
  'workloadCounts',
  'workloadCountChanges',
  'clusterNodeCounts',
  'clusterNodeCountChanges',
  'podCounts',
  'podCountChanges',
]);

/** Make one thing out of another, which must be there. */
const copying = new Set(['copyWorkload', 'cloneDisk', 'createVolumeSnapshot']);

/** Actions on what need not exist. */
const makers = new Set(['CREATE', 'APPLY']);

import { createHash } from 'node:crypto';
import type { StackApp } from '../../api.ts';
import { at, type Json } from '../templates/template-parts.ts';

/** Which stack an object is of, by its uuid; pods have it too. */
export const stackLabel = 'longshore.dev/stack';
/** Which application of its stack. */
export const stackAppLabel = 'longshore.dev/stack-app';
/** Which text an object was last written from. */
export const stackDigestAnnotation = 'longshore.dev/stack-digest';

/** A whole object as the platform writes it. */
export interface StackObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly manifest: Json;
}

export interface StackAppPlan extends StackApp {
  readonly objects: readonly StackObject[];
  /** Names of hosts under which its pods look for Services of others. */
  readonly links: readonly { readonly alias: string; readonly service: string }[];
}

/** What a stack is to be in its cluster. */
export interface StackPlan {
  /** Before all applications. */
  readonly shared: readonly StackObject[];
  /** Each behind those that it depends on. */
  readonly apps: readonly StackAppPlan[];
}

export const objectsOf = ({ shared, apps }: StackPlan): readonly StackObject[] => [
  ...shared,
  ...apps.flatMap(({ objects }) => objects),
];

export const keyOf = ({ kind, name }: Pick<StackObject, 'kind' | 'name'>): string => `${kind}/${name}`;

/**
 * What is kept of earlier plans, the newest first, `most` of them at the most: of those before only what to look for, so that nothing they
 * made is ever forgotten, and who fails again and again does not fill the table. Pure.
 */
export function keepPlans(plans: readonly StackPlan[], most: number): readonly StackPlan[] {
  const kept = plans.slice(0, most);
  const last = kept.at(-1);
  const known = new Set(kept.flatMap(objectsOf).map(keyOf));
  const rest = new Map<string, StackObject>();
  for (const object of plans.slice(most).flatMap(objectsOf)) {
    if (!known.has(keyOf(object))) rest.set(keyOf(object), { ...object, manifest: {} });
  }
  if (!last || rest.size === 0) return kept;
  return [...kept.slice(0, -1), { ...last, shared: [...last.shared, ...rest.values()] }];
}

/** Steps of what is done with a stack, by their names. */
export const stepNames = {
  prepare: 'prepare',
  start: (app: string) => `start-${app}`,
  update: (app: string) => `update-${app}`,
  remove: (app: string) => `remove-${app}`,
  leftOver: 'remove-left-over',
  finish: 'finish',
};

/** Which text an object of a plan is written from. */
export const digestOf = ({ manifest }: StackObject): unknown =>
  at(manifest, ['metadata', 'annotations', stackDigestAnnotation]);

export const digestOfManifest = (manifest: Json): string =>
  createHash('sha256').update(JSON.stringify(manifest)).digest('hex').slice(0, 16);

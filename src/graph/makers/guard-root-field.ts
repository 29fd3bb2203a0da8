import { RequestError } from '../../kernel/request-error.ts';
import type { LongshoreBuilder } from '../builder.ts';
import type { RequestContext } from '../request-context.ts';
import { type RootField, type RootFieldGuard, registryOf } from '../schema/schema-registry.ts';

/**
 * Who may call a root field. `{ action, subject }` asks the caller's rights; `{ public: reason }` opens it to every
 * signed-in caller and says why that is right.
 */
export type Allow =
  | { readonly action: string; readonly subject: string | readonly string[] }
  | { readonly public: string };

/** Remembers that a maker made this root field; the host refuses a schema with a root field that none has made. */
export function recordRootField(
  builder: LongshoreBuilder,
  type: RootField['type'],
  name: string,
  allow: Allow,
): RootFieldGuard {
  const registry = registryOf(builder);
  // The compiler cannot ask a plugin in JavaScript for its rule.
  if (
    typeof allow !== 'object' ||
    allow === null ||
    !('public' in allow || (allow.action && allow.subject?.length > 0))
  ) {
    throw new Error(
      `Plugin '${registry.plugin}' does not say who may call ${type}.${name}; write allow: { action, subject } or { public: reason }`,
    );
  }
  const guard: RootFieldGuard =
    'public' in allow
      ? { public: allow.public }
      : { action: allow.action, subjects: typeof allow.subject === 'string' ? [allow.subject] : [...allow.subject] };
  if ('public' in guard && guard.public.trim() === '') {
    throw new Error(`Plugin '${registry.plugin}' opens ${type}.${name} to everybody without a reason`);
  }
  const existing = registry.rootFields.get(`${type}.${name}`);
  if (existing) {
    throw new Error(
      `Plugin '${registry.plugin}' defines ${type}.${name}, which plugin '${existing.plugin}' defines already`,
    );
  }
  registry.rootFields.set(`${type}.${name}`, { type, name, plugin: registry.plugin, guard });
  return guard;
}

/**
 * Refuses a caller who could not do this to any object whatever. Says nothing about objects: those are asked one by
 * one, and a hidden one is missing.
 */
export function assertRootFieldAllowed(guard: RootFieldGuard, field: string, context: RequestContext): void {
  if ('public' in guard) return;
  if (guard.subjects.some((subject) => context.access.mayEver(guard.action, subject))) return;
  throw new RequestError('FORBIDDEN', `Your roles do not allow ${field}`);
}

import type { RaisedWarning } from '../../kernel/answer-error.ts';
import type { MaybePromise } from '../../kube/cluster-reader.ts';
import { subjectOf } from '../../kube/kind-ref.ts';
import { type KubeObject, origin } from '../../kube/kube-object.ts';
import type { LongshoreBuilder } from '../builder.ts';
import { allMaybe, mapMaybe } from '../map-maybe.ts';
import type { RequestContext } from '../request-context.ts';
import { registryOf } from '../schema/schema-registry.ts';
import type { ChangeGuard, ChangeObstacle, WantedChange } from './change-guard.ts';

/** What the guards of all plugins have against a change or deletion of an object now, the first thing only; undefined for nothing. */
export function obstacleToChange(
  object: KubeObject,
  context: RequestContext,
): MaybePromise<ChangeObstacle | undefined> {
  const guards = guardsOf(object, context);
  if (guards.length === 0) return undefined;
  const found = allMaybe(guards.map(({ obstacle }) => obstacle(object, context)));
  return mapMaybe(found, (obstacles) => obstacles.find((obstacle) => obstacle !== undefined));
}

/** What the guards of all plugins want acknowledged before an object is changed by hand; `path` points into the mutation's input. */
export function warningsOfChange(
  change: WantedChange,
  path: readonly (string | number)[],
  context: RequestContext,
): MaybePromise<readonly RaisedWarning[]> {
  const guards = guardsOf(change.object, context);
  if (guards.length === 0) return [];
  const found = allMaybe(guards.map(({ warn }) => warn(change, context)));
  return mapMaybe(found, (warnings) => warnings.flat().map((warning) => ({ ...warning, path })));
}

/**
 * `warn` of a mutation that has none of its own and changes what guards may watch over, in a way that is known only when it is written;
 * nothing where no plugin watches over anything. `changed` answers undefined for an input that changes nothing of the kind.
 */
export function warnOfChange<Input, Target>(
  builder: LongshoreBuilder,
  changed: (input: Input, target: Target) => object | undefined,
) {
  const codes = warningCodesOfChange(builder);
  if (codes.length === 0) return {};
  const find = (input: Input, target: Target, context: RequestContext): MaybePromise<readonly RaisedWarning[]> => {
    const object = changed(input, target);
    return object
      ? warningsOfChange({ object: object as KubeObject, next: undefined, isPart: false }, ['id'], context)
      : [];
  };
  return { warn: { codes, find } };
}

/** Members of `WarningCode` that `warningsOfChange` may answer, for a mutation's `warn.codes`. Known before any plugin registers its schema. */
export function warningCodesOfChange(builder: LongshoreBuilder): readonly string[] {
  return [...new Set(registryOf(builder).changeGuards.flatMap(({ warnings }) => warnings))];
}

/** Keys of labels that plugins alone set. */
export function labelsOfGuards({ services }: RequestContext): ReadonlySet<string> {
  return new Set(services.registry.changeGuards.flatMap(({ labels }) => labels));
}

function guardsOf(object: KubeObject, { services }: RequestContext): readonly ChangeGuard[] {
  const subject = subjectOf(object[origin]);
  return services.registry.changeGuards.filter(({ subjects }) => subjects.includes(subject));
}

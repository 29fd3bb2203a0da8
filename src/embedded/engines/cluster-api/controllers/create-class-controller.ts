import { type Controller, keysByResource, ownKey, splitKey } from '../../../controllers/controller.ts';
import { timestamp } from '../../../controllers/timestamp.ts';
import type { EngineContext } from '../../engine.ts';
import { mergeConditions } from '../../merge-conditions.ts';
import { condition } from '../conditions.ts';
import { coreGroup } from '../groups.ts';
import { capiKinds } from '../kinds.ts';

/** Shows of each class which variables it has. */
export function createClassController(context: EngineContext): Controller {
  const { classes } = capiKinds(context, 'capi-clusterclass');
  return {
    name: 'capi-clusterclass',
    keysOf: keysByResource({ [`clusterclasses.${coreGroup}`]: ownKey }),
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const found = classes.get(namespace, name);
      if (found === undefined) return undefined;
      const generation = found.metadata.generation ?? 1;
      const decided = [
        condition('VariablesReady', true, 'VariablesReady'),
        condition('RefVersionsUpToDate', true, 'RefVersionsUpToDate'),
        condition('Paused', false, 'NotPaused'),
      ];
      const stamp = { generation, now: timestamp(context.clock.now()) };
      classes.updateStatus(found, {
        conditions: mergeConditions(found.status?.conditions, decided, stamp),
        observedGeneration: generation,
        variables: (found.spec.variables ?? []).map(({ name: variable, required, schema }) => ({
          name: variable,
          definitionsConflict: false,
          definitions: [{ from: 'inline', required, schema }],
        })),
      });
      return undefined;
    },
  };
}

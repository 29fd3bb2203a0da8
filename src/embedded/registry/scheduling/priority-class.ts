import { forbidden } from '../../api/status-error.ts';
import { asString, setDefault } from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';
import type { Draft, StrategyEnvironment } from '../resource-strategy.ts';
import { priorityClassTable } from '../tables/priority-class-table.ts';

const maxUserPriority = 1_000_000_000;

/** Classes that every cluster has, and whose names nobody else may take. */
const systemValues: Readonly<Record<string, number>> = {
  'system-cluster-critical': 2_000_000_000,
  'system-node-critical': 2_000_001_000,
};

export const priorityClasses = defineResource(
  {
    group: 'scheduling.k8s.io',
    version: 'v1',
    kind: 'PriorityClass',
    plural: 'priorityclasses',
    shortNames: ['pc'],
    isClusterScoped: true,
  },
  {
    generation: 'on-creation',
    setDefaults(draft) {
      setDefault(draft, 'value', 0);
      setDefault(draft, 'preemptionPolicy', 'PreemptLowerPriority');
      if (draft.globalDefault === false) delete draft.globalDefault;
    },
    admitCreate: (draft, environment) => refuseSecondDefault(draft, environment),
    prepareForUpdate: (draft, _current, environment) => refuseSecondDefault(draft, environment),
    problemOfDeletion: ({ metadata }) =>
      systemValues[metadata.name] === undefined ? undefined : 'this is a system priority class and cannot be deleted',
    validateCreate(draft, errors) {
      const name = asString(draft.metadata.name) ?? '';
      const { value } = draft;
      if (name.startsWith('system-')) {
        const known = systemValues[name];
        const words = "priority class names with 'system-' prefix are reserved for system use only. error: ";
        if (known === undefined) {
          errors.forbidden('metadata.name', `${words}${name} is not a known system priority class`);
        } else if (known !== value) {
          errors.forbidden('metadata.name', `${words}value of ${name} PriorityClass must be ${known}`);
        }
      } else if (typeof value === 'number' && value > maxUserPriority) {
        errors.forbidden('value', `maximum allowed value of a user defined priority is ${maxUserPriority}`);
      }
      errors.oneOf('preemptionPolicy', draft.preemptionPolicy, ['PreemptLowerPriority', 'Never']);
    },
    validateUpdate(draft, current, errors) {
      if (draft.value !== current.value) errors.forbidden('value', 'may not be changed in an update.');
      if (draft.preemptionPolicy !== current.preemptionPolicy) {
        errors.invalid('preemptionPolicy', draft.preemptionPolicy, 'field is immutable');
      }
    },
    table: priorityClassTable,
  },
);

function refuseSecondDefault(draft: Draft, environment: StrategyEnvironment): void {
  if (draft.globalDefault !== true) return;
  const name = String(draft.metadata.name);
  const other = environment
    .list('scheduling.k8s.io', 'priorityclasses')
    .find(({ globalDefault, metadata }) => globalDefault === true && metadata.name !== name);
  if (other === undefined) return;
  const why = `PriorityClass ${other.metadata.name} is already marked as default. Only one default can exist`;
  throw forbidden({ group: 'scheduling.k8s.io', plural: 'priorityclasses' }, name, why);
}

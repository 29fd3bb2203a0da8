import { type Conversion, isObject, listAt, NotConvertible, objectAt, without } from './conversion.ts';

/** policy/v1: a selector that is empty means all pods of the namespace, where it meant none. */
export function convertDisruptionBudget({ object }: Conversion): void {
  const { selector } = objectAt(object, 'spec');
  const isEmpty =
    isObject(selector) &&
    Object.keys(objectAt(selector, 'matchLabels')).length === 0 &&
    listAt(selector, 'matchExpressions').length === 0;
  if (!isEmpty) return;
  throw new NotConvertible(
    ['spec', 'selector'],
    'An empty selector meant no pod at all in policy/v1beta1, and means all pods of the namespace in policy/v1',
  );
}

/** rbac.authorization.k8s.io/v1: subjects name a group of the API where v1alpha1 named its version. */
export function convertBinding(conversion: Conversion): void {
  const { object, moves } = conversion;
  if (!Array.isArray(object.subjects)) return;
  const subjects = listAt(object, 'subjects').map((subject, index) => {
    if (!isObject(subject) || typeof subject.apiVersion !== 'string') return subject;
    const [group = '', version] = subject.apiVersion.split('/');
    moves.push({ to: ['subjects', index, 'apiGroup'], from: ['subjects', index, 'apiVersion'] });
    return { ...without(subject, 'apiVersion'), apiGroup: version === undefined ? '' : group };
  });
  conversion.object = { ...object, subjects };
}

/** flowcontrol.apiserver.k8s.io/v1 calls shares nominal that were assured. */
export function convertPriorityLevel(conversion: Conversion): void {
  const { object, moves } = conversion;
  const spec = objectAt(object, 'spec');
  const limited = objectAt(spec, 'limited');
  const shares = limited.assuredConcurrencyShares;
  if (shares === undefined) return;
  const path = ['spec', 'limited'];
  moves.push({ to: [...path, 'nominalConcurrencyShares'], from: [...path, 'assuredConcurrencyShares'] });
  const renamed = { ...without(limited, 'assuredConcurrencyShares'), nominalConcurrencyShares: shares };
  conversion.object = { ...object, spec: { ...spec, limited: renamed } };
}

import { type Conversion, type Convert, given, isObject, NotConvertible, objectAt, without } from './conversion.ts';

/**
 * What changed for Deployment, StatefulSet, DaemonSet and ReplicaSet on the way to apps/v1: the selector must be written
 * out and is no longer taken from the labels of the pod template, and some fields are gone.
 * Source: https://kubernetes.io/docs/reference/using-api/deprecation-guide/
 */
export function convertWorkload(defaults: string, ...gone: readonly string[]): Convert {
  return (conversion) => {
    dropFields(conversion, gone);
    writeSelectorOut(conversion);
    if (defaults !== '') {
      const message = `apps/v1 has other defaults: ${defaults}; say in the manifest what must stay as it was`;
      conversion.remarks.push({ path: ['spec'], code: 'other_defaults', message });
    }
  };
}

function dropFields(conversion: Conversion, gone: readonly string[]): void {
  const spec = objectAt(conversion.object, 'spec');
  for (const name of gone.filter((each) => spec[each] !== undefined)) {
    const message = `spec.${name} is left out: apps/v1 does not have it`;
    conversion.remarks.push({ path: ['spec', name], code: 'field_left_out', message });
  }
  if (isObject(conversion.object.spec)) conversion.object = { ...conversion.object, spec: without(spec, ...gone) };
}

function writeSelectorOut(conversion: Conversion): void {
  const { object } = conversion;
  const spec = objectAt(object, 'spec');
  if (!isObject(object.spec) || (spec.selector !== undefined && spec.selector !== null)) return;
  const labels = objectAt(objectAt(objectAt(spec, 'template'), 'metadata'), 'labels');
  if (Object.keys(labels).length === 0) {
    throw new NotConvertible(
      ['spec'],
      'apps/v1 needs spec.selector, and the pod template has no labels that could be taken for it',
    );
  }
  conversion.object = { ...object, spec: { ...spec, selector: given({ matchLabels: labels }) } };
  conversion.moves.push({ to: ['spec', 'selector'], from: ['spec', 'template', 'metadata', 'labels'] });
  conversion.moves.push({
    to: ['spec', 'selector', 'matchLabels'],
    from: ['spec', 'template', 'metadata', 'labels'],
  });
  conversion.remarks.push({
    path: ['spec', 'template', 'metadata', 'labels'],
    code: 'selector_written_out',
    message: 'spec.selector is made of the labels of the pod template: apps/v1 wants it written out, and never changed',
  });
}

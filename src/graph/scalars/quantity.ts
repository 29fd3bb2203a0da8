import { parseQuantity } from '../../kube/syntax/parse-quantity.ts';
import type { LongshoreBuilder } from '../builder.ts';
import { scalarInputError } from './scalar-input-error.ts';

function parseQuantityInput(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number') {
    const text = String(value);
    if (parseQuantity(text) !== undefined) return text;
  }
  throw scalarInputError('Quantity', 'a Kubernetes quantity, e.g. "500m" or "2Gi"', value);
}

export function registerQuantity(builder: LongshoreBuilder): void {
  builder.scalarType('Quantity', {
    description:
      'An amount as Kubernetes writes it, e.g. `500m` (cores) or `2Gi` (bytes): a number with an optional SI or binary suffix.',
    specifiedByURL: 'https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/',
    serialize: (value) => String(value),
    parseValue: parseQuantityInput,
  });
}
